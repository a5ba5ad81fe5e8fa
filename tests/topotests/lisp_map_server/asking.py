# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of this suite ask the Map-Server, from the node `client`, and how it counts that."""

import pytest
from lib import lispmsg
from lib.lisp import drops, eventually, vtysh_json
from lisp_map_server import messages
from lisp_map_server.messages import Locator

MS, ITR, ETR1, ETR2 = "192.0.2.50", "192.0.2.51", "192.0.2.61", "192.0.2.62"
WIDE = "wide-secret"
ONE = (Locator(ETR1),)
NATIVELY_FORWARD = 1
SAFE = 576 - 20 - 8  # octets of a datagram over IPv4, RFC 9301 section 5
GEO = messages.lcaf(5, bytes.fromhex("80331e1a0000072700000023") + lispmsg.address(ETR1))


def send(tgen, message, seconds=0.5, target=MS, **options):
    return lispmsg.exchange(tgen.net["client"], target, message, seconds, **options)


def register(tgen, *records, secret=WIDE, **options):
    "The Map-Notify, or None."
    return send(tgen, messages.register(records, secret, **options))


def ask(tgen, eid, nonce=7, **options):
    "The records of the Map-Reply."
    answer = messages.reply(send(tgen, messages.request(eid, ITR, nonce, **options)))
    assert answer is not None
    assert answer[0] == nonce
    return answer[1]


@pytest.fixture(name="reachable", scope="module", autouse=True)
def fixture_reachable(tgen):
    ms = tgen.net["ms"]
    assert eventually(lambda: ms.cmd_status(f"ping -c1 -W1 {ETR1}")[0] == 0)
    assert eventually(lambda: ask_quietly(tgen) is not None)


def ask_quietly(tgen):
    return send(tgen, messages.request("11.0.0.1", ITR, 1))


def refused(tgen, reason):
    "How many messages were dropped for the reason."
    return drops(tgen.net["ms"]).get(reason, 0)


def happened(tgen, event):
    "How often the Map-Server counted an event."
    return vtysh_json(tgen.net["ms"], "show lisp statistics json")["events"][event]


def lifetime(tgen, prefix):
    "Seconds until the registration of a prefix expires."
    for one in vtysh_json(tgen.net["ms"], "show lisp site json")["mappings"]:
        if one["eid"] == prefix:
            return one["registrations"][0]["expires"]
    return None
