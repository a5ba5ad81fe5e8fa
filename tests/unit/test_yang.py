#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
The rules of yang/frr-lispd*.yang, judged by libyang 3 on example data.

The library is the one that LIBYANG names, else the one of our build of FRR, else
the system's. Skipped only where there is no libyang 3.
"""
import copy
import ctypes
import ctypes.util
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

YANG_DIR = pathlib.Path(__file__).resolve().parents[2] / "yang"
MODELS = sorted(YANG_DIR.glob("*.yang"))
LYS_IN_YANG = 1
LYD_JSON = 2
LYD_PARSE_STRICT = 0x020000
LYD_VALIDATE_NO_STATE = 0x0001
LYD_VALIDATE_PRESENT = 0x0002
LY_LOSTORE = 0x02


class ErrItem(ctypes.Structure):
    """struct ly_err_item, up to the fields that are used here."""

    _fields_ = [
        ("level", ctypes.c_int),
        ("err", ctypes.c_int),
        ("vecode", ctypes.c_int),
        ("msg", ctypes.c_char_p),
    ]


def built_libyang():
    """The private libyang of the built FRR; None if it has none or is not built."""
    command = [str(YANG_DIR.parent / "lib-glue" / "build"), "--print-dest"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    found = sorted(pathlib.Path(done.stdout.strip()).glob("usr/lib/*/frr/libyang.so.3"))
    return str(found[0]) if done.stdout.strip() and found else None


def find_libyang():
    name = os.environ.get("LIBYANG") or built_libyang() or ctypes.util.find_library("yang")
    if not name:
        return None, "no libyang on this system, FRR is not built, LIBYANG is not set"
    try:
        lib = ctypes.CDLL(name)
    except OSError as error:
        return None, str(error)
    if not hasattr(lib, "ly_last_logmsg"):
        return None, f"{name} is older than libyang 3"
    return lib, ""


class Model:
    """The module in a libyang context."""

    def __init__(self, lib):
        self.lib = lib
        lib.lys_parse_path.argtypes = [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_int,
            ctypes.c_void_p,
        ]
        lib.lyd_parse_data_mem.argtypes = [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_int,
            ctypes.c_uint32,
            ctypes.c_uint32,
            ctypes.c_void_p,
        ]
        lib.ly_err_first.restype = ctypes.POINTER(ErrItem)
        lib.ly_err_first.argtypes = [ctypes.c_void_p]
        lib.ly_err_clean.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        lib.ly_ctx_destroy.argtypes = [ctypes.c_void_p]
        lib.lyd_free_all.argtypes = [ctypes.c_void_p]
        lib.ly_log_options(LY_LOSTORE)
        self.ctx = ctypes.c_void_p()
        rc = lib.ly_ctx_new(str(YANG_DIR).encode(), 0, ctypes.byref(self.ctx))
        assert rc == 0
        path = str(YANG_DIR / "frr-lispd.yang").encode()
        rc = lib.lys_parse_path(self.ctx, path, LYS_IN_YANG, None)
        assert rc == 0, self.errors()

    def errors(self):
        item = self.lib.ly_err_first(self.ctx)
        text = item.contents.msg.decode() if item else ""
        self.lib.ly_err_clean(self.ctx, None)
        return text

    def check(self, lisp):
        """Error text for the content of container lisp; empty if it holds."""
        tree = ctypes.c_void_p()
        data = json.dumps({"frr-lispd:lisp": lisp}).encode()
        rc = self.lib.lyd_parse_data_mem(
            self.ctx,
            data,
            LYD_JSON,
            LYD_PARSE_STRICT,
            LYD_VALIDATE_NO_STATE | LYD_VALIDATE_PRESENT,
            ctypes.byref(tree),
        )
        text = self.errors()
        if tree:
            self.lib.lyd_free_all(tree)
        if rc:
            return text or f"error {rc}"
        return ""

    def close(self):
        self.lib.ly_ctx_destroy(self.ctx)


def yanglint():
    """yanglint of the libyang that the build has, or of the system; its models."""
    command = [str(YANG_DIR.parent / "lib-glue" / "build"), "--print-dest"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    dest = pathlib.Path(done.stdout.strip() or "/nonexistent")
    ours = sorted(dest.parent.parent.glob("libyang-*/dest/usr/bin/yanglint"))
    tool = str(ours[-1]) if ours else shutil.which("yanglint")
    return tool, dest / "usr/share/yang"


def test_yanglint_finds_nothing_to_say():
    tool, models = yanglint()
    if not tool or not models.is_dir():
        pytest.skip("no yanglint, or FRR is not built")
    libs = sorted(pathlib.Path(tool).parent.parent.glob("lib/*/frr"))
    done = subprocess.run(
        [tool, "-p", YANG_DIR, "-p", models, *MODELS],
        env=dict(os.environ, LD_LIBRARY_PATH=":".join(map(str, libs))),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(not shutil.which("pyang"), reason="no pyang")
def test_pyang_finds_nothing_to_say():
    models = yanglint()[1]
    done = subprocess.run(
        ["pyang", "-p", f"{YANG_DIR}:{models}", *MODELS],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_newest_revision_is_first_and_every_revision_has_a_reference():
    for model in MODELS:
        found = re.findall(r"revision (\S+) \{(.*?)\n  \}", model.read_text(), re.S)
        dates = [date for date, _ in found]
        assert dates and dates == sorted(dates, reverse=True)
        assert all("reference" in body for _, body in found)


@pytest.fixture(scope="module")
def model():
    lib, reason = find_libyang()
    if not lib:
        pytest.skip(reason)
    model = Model(lib)
    yield model
    model.close()


KEY = "0822455D0A16"

XTR = {
    "site-id": "18446744073709551615",
    "xtr-id": "0123456789abcdef0123456789abcdef",
    "key-file": "/etc/frr/lisp.keys",
    "locator-sets": {
        "locator-set": [
            {
                "locator-set-name": "home",
                "locator": [
                    {"address": "192.0.2.1", "priority": 1, "weight": 100},
                    {"address": "2001:db8:f000::1", "priority": 255},
                ],
                "interface": [
                    {"interface-ref": "eth0", "address-family": "ipv4"},
                    {"interface-ref": "eth0", "address-family": "ipv6"},
                ],
            },
            {"locator-set-name": "empty"},
        ]
    },
    "instances": {
        "instance": [
            {
                "instance-id": 0,
                "local-eids": {
                    "local-eid": [
                        {"eid": "10.1.0.0/24", "locator-set": "home"},
                        {"eid": "2001:db8:1::/64", "locator": [{"address": "192.0.2.1"}]},
                    ]
                },
                "service": [
                    {
                        "address-family": "ipv4",
                        "itr": {
                            "enabled": True,
                            "map-resolvers": {"map-resolver": [{"address": "198.51.100.1"}]},
                            "map-cache-limit": 1000,
                        },
                        "etr": {
                            "enabled": True,
                            "map-servers": {
                                "map-server": [
                                    {"address": "198.51.100.2", "key-name": "site1"},
                                    {
                                        "address": "2001:db8:f000::2",
                                        "authentication-key": KEY,
                                        "proxy-reply": True,
                                    },
                                ]
                            },
                            "record-ttl": 60,
                        },
                        "alt-vrf": "ALT",
                    },
                    {"address-family": "ipv6", "map-server": True, "map-resolver": True},
                ],
                "map-cache": {
                    "static-mapping": [
                        {"eid": "0.0.0.0/0", "action": "send-map-request"},
                        {"eid": "10.9.0.0/16", "locator": [{"address": "192.0.2.9"}]},
                    ]
                },
                "alt": {
                    "tunnel": [
                        {"name": "gre1", "source": "192.0.2.1", "destination": "192.0.2.2"},
                        {
                            "name": "gre2",
                            "source": "192.0.2.1",
                            "destination": "192.0.2.2",
                            "key": 4294967295,
                        },
                    ]
                },
            },
            {
                "instance-id": 101,
                "eid-table": "RED",
                "local-eids": {"local-eid": [{"eid": "10.1.0.0/24", "locator-set": "home"}]},
                "service": [{"address-family": "ipv4", "map-server": True}],
            },
        ]
    },
    "sites": {
        "site": [
            {
                "name": "site1",
                "description": "the first",
                "authentication-key": KEY,
                "eid-prefix": [
                    {
                        "instance-id": 0,
                        "prefix": "10.1.0.0/16",
                        "more-specifics-accepted": True,
                    },
                    {"instance-id": 0, "prefix": "2001:db8:1::/48"},
                ],
            },
            {
                "name": "site2",
                "eid-prefix": [{"instance-id": 7, "prefix": "10.1.0.0/16"}],
            },
        ]
    },
    "dataplane": {"queue-per-eid": 4, "queue-total": 100},
}


def put(path, value):
    """XTR with one value put at path (keys and indexes; None appends)."""
    tree = copy.deepcopy(XTR)
    node = tree
    for step in path[:-1]:
        node = node[step]
    if path[-1] is None:
        node.append(value)
    else:
        node[path[-1]] = value
    return tree


LOCATORS = ["locator-sets", "locator-set", 0, "locator"]
INSTANCE = ["instances", "instance", 0]
IPV4 = INSTANCE + ["service", 0]
SITE2 = ["sites", "site", 1]
STATIC = INSTANCE + ["map-cache", "static-mapping"]
TUNNELS = INSTANCE + ["alt", "tunnel"]
LOCAL = INSTANCE + ["local-eids", "local-eid"]


def test_a_full_configuration_holds(model):
    assert model.check(XTR) == ""


def test_an_empty_router_lisp_holds(model):
    assert model.check({}) == ""


@pytest.mark.parametrize("priority", [0, 1, 254, 255])
def test_every_priority_holds(model, priority):
    assert model.check(put(LOCATORS + [0, "priority"], priority)) == ""


@pytest.mark.parametrize("weight", [0, 50, 100])
def test_every_weight_holds(model, weight):
    assert model.check(put(LOCATORS + [0, "weight"], weight)) == ""


def addresses(count):
    "So many locators."
    return [{"address": f"192.0.2.{i}"} for i in range(1, count + 1)]


THIRTY = put(LOCATORS, addresses(30))  # and two interfaces


@pytest.mark.parametrize(
    "tree",
    [
        THIRTY,
        put(LOCAL + [1, "locator"], addresses(32)),
        put(STATIC + [1, "locator"], addresses(32)),
    ],
    ids=["locator-set", "local EID", "map-cache entry"],
)
def test_32_locators_hold(model, tree):
    assert model.check(tree) == ""


def test_a_locator_set_may_come_later(model):
    assert model.check(put(LOCAL + [0, "locator-set"], "nowhere")) == ""


def test_one_alt_vrf_for_both_families_holds(model):
    assert model.check(put(INSTANCE + ["service", 1, "alt-vrf"], "ALT")) == ""


def test_an_alt_of_each_instance_holds(model):
    other = ["instances", "instance", 1]
    tree = put(other + ["service", 0, "alt-vrf"], "ALT101")
    tree["instances"]["instance"][1]["alt"] = {"tunnel": [TUNNEL]}
    assert model.check(tree) == ""


TUNNEL = {"name": "gre3", "source": "192.0.2.1", "destination": "192.0.2.2", "key": 101}

REFUSED = [
    # (what, tree, a word of the reason)
    ("site-id over 64 bits", put(["site-id"], "18446744073709551616"), "1844674"),
    ("short xtr-id", put(["xtr-id"], "0123"), "32 hexadecimal"),
    ("relative key file", put(["key-file"], "lisp.keys"), "absolute path"),
    ("key file with ..", put(["key-file"], "/etc/frr/../shadow"), "`..`"),
    ("weight 101", put(LOCATORS + [0, "weight"], 101), "0 to 100"),
    ("priority 256", put(LOCATORS + [0, "priority"], 256), "256"),
    ("multicast locator", put(LOCATORS + [None], {"address": "224.0.0.1"}), "multicast"),
    ("multicast locator 6", put(LOCATORS + [None], {"address": "ff02::1"}), "multicast"),
    ("loopback locator", put(LOCATORS + [None], {"address": "127.0.0.1"}), "loopback"),
    ("loopback locator 6", put(LOCATORS + [None], {"address": "::1"}), "loopback"),
    ("spelled-out loopback", put(LOCATORS + [None], {"address": "0:0:0:0:0:0:0:1"}), "loopback"),
    ("unspecified locator", put(LOCATORS + [None], {"address": "0.0.0.0"}), "unspecified"),
    ("unspecified locator 6", put(LOCATORS + [None], {"address": "::"}), "unspecified"),
    ("broadcast locator", put(LOCATORS + [None], {"address": "255.255.255.255"}), "broadcast"),
    ("link-local locator", put(LOCATORS + [None], {"address": "fe80::1"}), "link-local"),
    ("mapped locator", put(LOCATORS + [None], {"address": "::ffff:192.0.2.1"}), "IPv4-mapped"),
    ("same locator twice", put(LOCATORS + [None], {"address": "192.0.2.1"}), "uplicate"),
    (
        "33 locators of a set",
        put(LOCATORS, addresses(31)),
        "32 locators, addresses and interfaces together",
    ),
    (
        "33 locators of a local EID",
        put(LOCAL + [1, "locator"], addresses(33)),
        "at most 32 locators",
    ),
    (
        "33 locators of a map-cache entry",
        put(STATIC + [1, "locator"], addresses(33)),
        "at most 32 locators",
    ),
    (
        "long interface name",
        put(
            ["locator-sets", "locator-set", 0, "interface", None],
            {"interface-ref": "a" * 16, "address-family": "ipv4"},
        ),
        "1 to 15",
    ),
    (
        "locator-set name with a slash",
        put(["locator-sets", "locator-set", None], {"locator-set-name": "a/b"}),
        "name",
    ),
    (
        "locator-set and RLOCs",
        put(LOCAL + [1, "locator-set"], "home"),
        "either a locator-set or RLOCs",
    ),
    ("no locators", put(LOCAL + [None], {"eid": "10.2.0.0/24"}), "needs locators"),
    (
        "default local EID",
        put(LOCAL + [None], {"eid": "0.0.0.0/0", "locator-set": "home"}),
        "length 0",
    ),
    (
        "multicast local EID",
        put(LOCAL + [None], {"eid": "239.0.0.0/8", "locator-set": "home"}),
        "multicast",
    ),
    ("EID without length", put(LOCAL + [None], {"eid": "10.2.0.0"}), "10.2.0.0"),
    (
        "multicast Map-Resolver",
        put(
            IPV4 + ["itr", "map-resolvers", "map-resolver", None],
            {"address": "224.0.0.1"},
        ),
        "Map-Resolver",
    ),
    ("map-cache limit 0", put(IPV4 + ["itr", "map-cache-limit"], 0), "1 to 10000000"),
    (
        "Map-Server without key",
        put(IPV4 + ["etr", "map-servers", "map-server", None], {"address": "192.0.2.7"}),
        "needs the key",
    ),
    (
        "empty key",
        put(
            IPV4 + ["etr", "map-servers", "map-server", None],
            {"address": "192.0.2.7", "authentication-key": "08"},
        ),
        "type 7",
    ),
    (
        "key in clear",
        put(SITE2 + ["authentication-key"], "topsecret"),
        "type 7",
    ),
    (
        "two kinds of key",
        put(
            IPV4 + ["etr", "map-servers", "map-server", None],
            {"address": "192.0.2.7", "authentication-key": KEY, "key-name": "x"},
        ),
        "case",
    ),
    ("record TTL 0", put(IPV4 + ["etr", "record-ttl"], 0), "minutes"),
    ("ALT in the default VRF", put(IPV4 + ["alt-vrf"], "default"), "underlay"),
    (
        "two ALT VRFs",
        put(INSTANCE + ["service", 1, "alt-vrf"], "OTHER"),
        "one ALT VRF for both families",
    ),
    ("empty ALT VRF", put(IPV4 + ["alt-vrf"], ""), "1 to 35"),
    ("locator-set of no name", put(LOCAL + [0, "locator-set"], "it's"), "letters, digits"),
    (
        "tunnel with the name of another instance's",
        put(["instances", "instance", 1, "alt"], {"tunnel": [{**TUNNEL, "name": "gre1"}]}),
        "of this name",
    ),
    (
        "tunnel with the ends and key of another instance's",
        put(["instances", "instance", 1, "alt"], {"tunnel": [{**TUNNEL, "key": 4294967295}]}),
        "different keys",
    ),
    ("empty VRF name", put(["instances", "instance", 1, "eid-table"], ""), "1 to 35"),
    (
        "instance over 24 bits",
        put(["instances", "instance", None], {"instance-id": 16777216}),
        "24 bits",
    ),
    (
        "instance-id over 24 bits",
        put(SITE2 + ["eid-prefix", None], {"instance-id": 16777216, "prefix": "10.0.0.0/8"}),
        "24 bits",
    ),
    (
        "site name with a slash",
        put(["sites", "site", None], {"name": "a/b"}),
        "site's name",
    ),
    ("action and RLOCs", put(STATIC + [1, "action"], "drop"), "either an action or RLOCs"),
    ("neither", put(STATIC + [None], {"eid": "10.8.0.0/16"}), "needs an action or RLOCs"),
    ("unknown action", put(STATIC + [0, "action"], "encap"), "encap"),
    (
        "tunnel of two families",
        put(TUNNELS + [0, "destination"], "2001:db8::2"),
        "same family",
    ),
    ("tunnel to itself", put(TUNNELS + [0, "destination"], "192.0.2.1"), "same address"),
    (
        "tunnel without destination",
        put(TUNNELS + [None], {"name": "gre3", "source": "192.0.2.1"}),
        "destination",
    ),
    (
        "long tunnel name",
        put(TUNNELS + [0, "name"], "a" * 16),
        "1 to 15",
    ),
    ("tunnel name of ours", put(TUNNELS + [0, "name"], "lisp0"), "another interface"),
    (
        "same tunnel twice",
        put(
            TUNNELS + [None],
            {"name": "gre3", "source": "192.0.2.1", "destination": "192.0.2.2"},
        ),
        "same source, destination and key",
    ),
    (
        "same key twice",
        put(
            TUNNELS + [None],
            {
                "name": "gre3",
                "source": "192.0.2.1",
                "destination": "192.0.2.2",
                "key": 4294967295,
            },
        ),
        "same source, destination and key",
    ),
    ("per EID over total", put(["dataplane", "queue-total"], 3), "must not exceed"),
    ("long queue", put(["dataplane", "queue-per-eid"], 1001), "0 (off) to 1000"),
]


@pytest.mark.parametrize("tree, word", [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused_with_the_reason(model, tree, word):
    error = model.check(tree)
    assert error, "accepted"
    assert word in error, error
