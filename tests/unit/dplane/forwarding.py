# SPDX-License-Identifier: GPL-2.0-or-later
"""
The plugin in a running zebra, two sites, all by packets and counters. Run by
../test_dplane.py in a sandbox; the fast path and the slow path by turns.
"""

import errno
import re
import signal
import socket
import struct
import subprocess
import time

import mapping_socket as ms
import pytest
from beds import fixture_bed, testbed, use  # the fixtures: used by name
from testbed import sh, wait_for

STRAY = ("destination-not-local-eid", "unknown-instance-id", "destination-not-local-rloc")
DECAPSULATED = ("decap-ipv4-rloc", "slow-decap-ipv4-rloc")
SLOW = ("slow-encap-ipv4-rloc", "slow-encap-ipv6-rloc", "slow-decap-ipv4-rloc")


def test_hello_says_whether_there_is_a_fast_path(bed):
    assert bed.a.client.bpf == bed.fast
    assert bool(bed.a.client.note) != bed.fast


@pytest.mark.parametrize("inner", [4, 6])
@pytest.mark.parametrize("outer", [4, 6])
def test_304_all_family_pairs(bed, outer, inner):
    use(bed, 1 if outer == 4 else 2)
    assert bed.ping(version=inner) == 3
    bed.tcp(inner, 20 if bed.fast else 2)
    counters = bed.a.counters()
    kind = f"encap-ipv{outer}-rloc"
    assert counters.get(kind if bed.fast else "slow-" + kind, 0) > 3
    if bed.fast:
        assert not [name for name in SLOW + ("punt",) if counters.get(name)], counters


@pytest.mark.parametrize("inner", [4, 6])
def test_first_packets_wait_for_the_mapping(bed, inner):
    bed.b.client.apply(*bed.b.mappings(1))
    ping = bed.ping_start(5, 0.2, inner)
    bed.a.client.wait_miss("10.2.0.10" if inner == 4 else "2001:db8:2::10")
    wait_for(lambda: bed.a.counters()["queued"] >= 2)
    bed.a.client.apply(*bed.a.mappings(1))
    assert bed.ping_result(ping) == 5
    counters = bed.a.counters()
    assert 1 <= counters["queued"] == counters["queue-delivered"] < 5
    if bed.fast:
        # once there is a mapping nothing visits user space any more
        assert counters["punt"] == counters["queued"]
        assert counters["encap-ipv4-rloc"] == 5 - counters["queued"]


def test_first_packets_wait_for_a_locator_that_is_up(bed):
    bed.b.client.apply(*bed.b.mappings(1))
    ping = bed.ping_start(1, 0.2)
    bed.a.client.wait_miss("10.2.0.10")
    bed.a.client.apply(bed.a.locator(1, up=False), *bed.a.mappings(1))
    assert bed.a.counters()["queued"] == 1
    assert "queue-delivered" not in bed.a.counters()
    bed.a.client.apply(bed.a.locator(1))
    assert bed.ping_result(ping) == 1
    assert bed.a.counters()["queue-delivered"] == 1


def test_the_lisp_device_is_made_anew_when_somebody_deletes_it(bed):
    use(bed, 1)
    bed.a.client.apply(ms.mapping("10.0.0.0/8", 3, action=ms.NATIVELY_FORWARD))
    before = bed.a.leftovers()
    assert any("10.2.0.0/24 via 192.0.0.8 dev lisp0" in line for line in before)
    sh("ip -n xA link del lisp0")
    wait_for(lambda: len(bed.a.leftovers()) == len(before))
    assert bed.ping() == 3
    assert bed.ping(version=6) == 3


def test_lispd_hears_of_an_eid_once_a_second(bed):
    bed.ping(count=10, interval=0.02, wait=0.2)
    bed.a.client.counters()
    assert bed.a.client.misses == ["10.2.0.10"]
    began = time.monotonic()

    def heard():
        bed.ping(count=1, wait=0.1)
        bed.a.client.counters()
        return bed.a.client.misses

    wait_for(lambda: heard() == ["10.2.0.10"] * 2)
    assert time.monotonic() - began > 0.4  # those of before took half a second at most


def test_queue_is_bounded_per_eid(bed):
    bed.a.client.apply(ms.instance(per_eid=2))
    bed.ping(count=5, interval=0.02, wait=0.2)
    counters = bed.a.counters()
    assert counters["queued"] == 2
    assert counters["queue-eid-full"] == 3


def test_queue_can_be_turned_off(bed):
    bed.a.client.apply(ms.instance(per_eid=0))
    bed.ping(count=3, interval=0.02, wait=0.2)
    counters = bed.a.counters()
    assert "queued" not in counters
    assert counters["no-mapping"] == 3


def test_held_packets_expire(bed):
    bed.a.client.apply(ms.instance(hold=200))
    bed.ping(count=2, interval=0.02, wait=0.1)
    wait_for(lambda: bed.a.counters().get("queue-expired") == 2)


def test_locator_down_is_one_operation(bed):
    use(bed, 3)
    bed.b.client.apply(*bed.b.mappings(1))

    def sent(number):
        by_locator = [
            ms.decode(value) for value in bed.a.client.counters()[1].get(3, [])
        ]
        return {value[1][0]: value.get(2, [0])[0] for value in by_locator}.get(
            number, 0
        )

    ping = bed.ping_start(150, 0.01)
    wait_for(lambda: sent(1) > 10)
    bed.a.client.apply(bed.a.locator(1, up=False))
    assert bed.ping_result(ping) == 150
    assert sent(3) > 10
    bed.a.client.apply(bed.a.locator(1))


def test_a_doubtful_locator_carries_packets_only_where_no_other_is_up(bed):
    use(bed, 3)
    bed.b.client.apply(*bed.b.mappings(1))
    used = lambda: {ms.decode(value)[1][0] for value in bed.a.client.counters()[1].get(3, [])}
    bed.a.client.apply(bed.a.locator(1, doubtful=True))
    assert bed.ping() == 3 and used() == {1, 3}  # to A they come from 1
    bed.a.clear()
    bed.a.client.apply(bed.a.locator(3, doubtful=True))
    assert bed.ping() == 3 and used() == {1}
    bed.a.client.apply(bed.a.locator(1), bed.a.locator(3))


def test_all_locators_down_is_a_counted_drop(bed):
    use(bed, 1)
    bed.a.client.apply(bed.a.locator(1, up=False))
    assert bed.ping(wait=0.2) == 0
    assert bed.a.counters()["no-locator-up"] == 3
    bed.a.client.apply(bed.a.locator(1))


def test_counters_of_locators_and_mappings(bed):
    use(bed, 1)
    assert bed.ping(count=4) == 4
    _, content = bed.a.client.counters()
    locator = ms.decode(content[3][0])
    assert (locator[1], locator[2], locator[4]) == ([1], [4], [4])
    mapping = ms.decode(content[4][0])
    assert (mapping[1], mapping[2], mapping[3]) == ([1], [4], [4 * 84])


def test_a_locators_new_id_takes_its_counters_over(bed):
    "As of a lispd that could not recall: both ids are there until the replay ends."
    use(bed, 1)
    bed.a.connect()
    other, own, ifindex = bed.a.address(1, 2), bed.a.address(1), bed.a.ifindex("u0")
    bed.a.client.apply(
        ms.instance(),
        ms.local_eid("10.1.0.0/24"),
        ms.local_rloc(own, ifindex),
        ms.locator(11, other, own, ifindex),
        ms.rloc_set(11, (11, 1, 50)),
        *bed.a.mappings(11),
        ms.end_of_replay(),
    )
    bed.a.clear()
    assert bed.ping(count=4) == 4
    (locator,) = map(ms.decode, bed.a.client.counters()[1][3])
    assert (locator[1], locator[2], locator[4]) == ([11], [4], [4])


MANY = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(1, {count} + 1):
    s.sendto(b"x", ("10.2.%d.%d" % (128 + number // 256, number % 256), 9))
"""


def test_counters_of_many_mappings_come_in_several_messages(bed):
    count = 1500
    names = {n: f"10.2.{128 + n // 256}.{n % 256}/32" for n in range(1, count + 1)}
    bed.a.client.apply(*(ms.mapping(name, n, 1) for n, name in names.items()))

    def counted():
        # the device's queue may be too short for all of them at once
        sh(f"ip netns exec hA /usr/bin/python3 -c '{MANY.format(count=count)}'")
        content = bed.a.client.counters()[1]
        ids = {ms.decode(value)[1][0] for value in content.get(4, [])}
        return len(ids) == count and len(content[1]) > 1

    wait_for(counted)
    gone = (ms.mapping(name, 0, remove=True) for name in names.values())
    bed.a.client.apply(*gone)


def test_natively_forward_uses_the_main_table(bed):
    bed.a.client.apply(ms.mapping("10.2.0.0/24", 1, action=ms.NATIVELY_FORWARD))
    assert "throw 10.2.0.0/24" in sh("ip -n xA route show table 4342")
    sh("ip -n xB route add 10.1.0.0/24 via 192.0.2.1")
    try:
        assert bed.ping() == 3
    finally:
        sh("ip -n xB route del 10.1.0.0/24")
    assert not [name for name in bed.a.counters() if "encap" in name]
    bed.a.client.apply(ms.mapping("10.2.0.0/24", 1, remove=True))
    assert "throw" not in sh("ip -n xA route show table 4342")


@pytest.mark.parametrize("version, everything", [("-4", "0.0.0.0/0"), ("-6", "::/0")])
def test_inside_a_natively_forwarded_prefix(bed, version, everything):
    inside = "10.2.0.0/24" if version == "-4" else "2001:db8:2::/64"
    show = f"ip -n xA {version} route show table 4342"
    to = "via 192.0.0.8 dev lisp0" if version == "-4" else "dev lisp0"
    use(bed, 1)
    bed.a.client.apply(ms.mapping(everything, 9, action=ms.NATIVELY_FORWARD))
    routes = sh(show)
    assert "throw default" in routes and f"{inside} {to}" in routes
    assert bed.ping(version=int(version[1])) == 3
    bed.a.client.apply(ms.mapping(everything, 9, remove=True))
    routes = sh(show)
    assert "throw" not in routes and f"default {to}" in routes and inside not in routes


def test_drop_action_is_counted_and_told_to_the_source(bed):
    bed.a.client.apply(ms.mapping("10.2.0.0/24", 1, action=ms.DROP))
    output = sh("ip netns exec hA ping -n -c 2 -i 0.1 -W 0.3 10.2.0.10", check=False)
    assert "Destination Net Unreachable" in output
    assert bed.a.counters()["drop-action"] == 2


def test_314_316_oversize_with_df_gets_the_mtu(bed):
    use(bed, 1)
    bed.a.client.apply(bed.a.locator(1, mtu=1300))
    output = sh(
        "ip netns exec hA ping -n -c 2 -W 1 -s 1300 -M do 10.2.0.10", check=False
    )
    assert "mtu = 1264" in output.replace("mtu=", "mtu = "), output
    sh("ip -n hA route flush cache")
    bed.a.client.apply(bed.a.locator(1, mtu=1400))
    command = "ip netns exec hA ping -n -c 2 -W 1 -s 1380 -M do 2001:db8:2::10"
    assert "mtu: 1364" in sh(command, check=False).replace("mtu=", "mtu: ").replace(
        "mtu = ", "mtu: "
    )
    sh("ip -n hA -6 route flush cache")
    bed.a.client.apply(bed.a.locator(1))


def test_313_oversize_without_df_is_split(bed):
    use(bed, 1)
    bed.a.client.apply(bed.a.locator(1, mtu=1300))
    assert bed.ping(size=1380, options="-M dont") == 3
    counters = bed.a.counters()
    assert (counters["fragmented"], counters["slow-encap-ipv4-rloc"]) == (3, 6)
    bed.a.client.apply(bed.a.locator(1))


SENDER = """
import socket, struct
def csum(data):
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    total = (total & 0xffff) + (total >> 16)
    total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
size = {size}
udp = struct.pack('>HHHH', 1000, 2000, 8 + size, 0) + bytes(size)
ip = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0,
    bytes([10, 1, 0, 10]), bytes([10, {site}, 0, 10]))
ip = ip[:10] + struct.pack('>H', csum(ip)) + ip[12:]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, 10, 0)
s.sendto(bytes({header}) + ip + udp, ('{to}', 4341))
"""


def inject(header, size=100, site=2, to="192.0.2.2"):
    """From xA to xB a data packet that no ITR of ours would send."""
    program = SENDER.format(header=list(header), size=size, site=site, to=to)
    sh(f'ip netns exec xA /usr/bin/python3 -c "{program}"')


def test_reassembled_fragments_are_decapsulated(bed):
    inject(bytes(8), size=1500)
    wait_for(lambda: bed.b.counters().get("slow-decap-ipv4-rloc") == 1)


@pytest.mark.parametrize(
    "header, site, reason",
    [
        (b"\x01" + bytes(7), 2, "encrypted"),
        (b"\x08\0\0\0\0\0\x07\0", 2, "unknown-instance-id"),
        (bytes(8), 9, "destination-not-local-eid"),
    ],
)
def test_319_318_345_refused_with_a_reason(bed, header, site, reason):
    inject(header, site=site)
    wait_for(lambda: bed.b.counters().get(reason) == 1)


@pytest.mark.parametrize(
    "iid, site, to",
    [(0, 9, "192.0.2.2"), (7, 2, "192.0.2.2"), (0, 2, "203.0.113.2")],
    ids=["eid", "instance", "rloc"],
)
def test_150_lispd_hears_of_who_sends_to_what_is_not_ours_at_most_once_a_second(bed, iid, site, to):
    sh("ip -n xB addr add 203.0.113.2/32 dev lo")
    try:
        header = bytes([8, 0, 0, 0, 0, 0, iid, 0])
        began, heard, sent = time.monotonic(), bed.b.client.strays, 0

        def five():
            nonlocal sent
            sent += 5
            for _ in range(5):
                inject(header, site=site, to=to)
            wait_for(lambda: sum(bed.b.counters().get(why, 0) for why in STRAY) == sent)
            return heard

        wait_for(five)  # those of before may have had this second
        assert set(heard) == {(iid, f"10.{site}.0.10", "10.1.0.10", "192.0.2.1")}
        assert len(heard) <= 1 + (time.monotonic() - began) / 0.9
        inject(bytes(8))
        bed.b.client.counters()
        assert set(heard) == {(iid, f"10.{site}.0.10", "10.1.0.10", "192.0.2.1")}
    finally:
        sh("ip -n xB addr del 203.0.113.2/32 dev lo")


def test_150_lispd_hears_of_who_sends_to_a_family_whose_etr_is_off(bed):
    bed.b.client.apply(ms.instance(etr4=0))

    def heard():
        inject(bytes(8))
        counted = bed.b.counters().get("etr-disabled")
        return counted and bed.b.client.strays

    assert wait_for(heard)[0] == (0, "10.2.0.10", "10.1.0.10", "192.0.2.1")
    bed.b.client.apply(ms.instance())


@pytest.mark.parametrize("known", [True, False])
def test_150_who_lately_sent_is_remembered(bed, known):
    bed.a.client.apply(*bed.a.mappings(1))
    if known:
        bed.b.client.apply(*bed.b.mappings(1))
    sender = ("192.0.2.1", 0, 6)
    bed.ping(count=1, version=6, wait=0.3)
    assert sender in bed.b.client.senders()


@pytest.mark.parametrize(
    "header", [b"\xe4\xff\xff\xff\xff\xff\xff\xff", b"\x08" + bytes(7)]
)
def test_322_323_324_flags_are_ignored(bed, header):
    inject(header)
    kind = "decap-ipv4-rloc" if bed.fast else "slow-decap-ipv4-rloc"
    wait_for(lambda: bed.b.counters().get(kind) == 1)


def test_operations_that_cannot_be_are_refused(bed):
    client = bed.a.client
    errors = client.batch(
        ms.mapping("10.9.0.0/24", 5, 77),
        ms.op(ms.LOCAL_RLOC, (1, b"abc")),
        ms.op(ms.LOCAL_EID, (2, ms.encode((1, b"\x0a\0\0\0"), (2, 33)))),
        ms.instance(iid=5, vrf="v" * 99),
        ms.op(ms.LOCATOR, (1, 999999)),
        ms.local_eid("10.77.0.0/24"),
    )
    assert [(index, code) for index, code, _ in errors] == [
        (0, errno.ENOENT),
        (1, errno.EINVAL),
        (2, errno.EINVAL),
        (3, errno.EINVAL),
        (4, errno.ERANGE),
    ]
    assert all(text for _, _, text in errors)
    assert "from 10.77.0.0/24" in sh("ip -n xA rule")
    client.apply(ms.local_eid("10.77.0.0/24", remove=True))
    assert "from 10.77.0.0/24" not in sh("ip -n xA rule")


def replay_of(site, iid, rloc_set=1):
    """Of this instance alone, in the default VRF."""
    site.connect()
    ops = [*site.base(iid), *site.mappings(rloc_set, iid)]
    site.client.apply(*ops, ms.end_of_replay())


def test_an_instance_has_its_device_and_its_id_on_the_wire(bed):
    for site in bed.sites:
        replay_of(site, 7)
        # The same prefixes in another instance are no matter of this one.
        site.client.apply(
            ms.mapping(f"10.{site.other}.0.0/24", 9, action=ms.DROP),
            ms.mapping(f"10.{site.other}.0.0/25", 8, action=ms.DROP, iid=8),
        )
    links = sh("ip -n xA -o link")
    assert ": lisp7:" in links and ": lisp0:" not in links
    sniffer = subprocess.Popen(
        "ip netns exec xB timeout 10 tcpdump -c1 -xn -i u0 udp dst port 4341".split(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: "listening" in sniffer.stderr.readline())
    assert bed.ping() == 3
    assert bed.ping(version=6) == 3
    dump = "".join(re.findall(r"^\s+0x\w+:  (.*?)$", sniffer.communicate()[0], re.M))
    lisp = dump.replace(" ", "")[2 * 28 : 2 * 36]
    assert lisp == "0800000000000700"


def test_an_unknown_instance_is_a_counted_drop(bed):
    replay_of(bed.a, 7)
    replay_of(bed.b, 70000)
    bed.b.clear()
    assert bed.ping(wait=0.2) == 0
    assert bed.b.counters()["unknown-instance-id"] == 3


def test_a_miss_has_its_instance_id(bed):
    bed.a.connect()
    bed.a.client.apply(*bed.a.base(7), ms.end_of_replay())
    bed.ping(count=1, wait=0.2)
    bed.a.client.wait_miss("10.2.0.10")
    assert bed.a.client.missed_instances == {7}


def test_the_default_vrf_takes_one_instance(bed):
    ((index, code, text),) = bed.a.client.batch(ms.instance(iid=5))
    assert (index, code) == (0, errno.EBUSY) and "instance-id 0 is" in text
    # It comes up as soon as the other is gone.
    bed.a.client.apply(ms.instance(remove=True))
    wait_for(lambda: ": lisp5:" in sh("ip -n xA -o link"))
    bed.a.client.apply(ms.instance(iid=5, remove=True))
    assert bed.a.leftovers() == []


def test_an_instance_needs_its_vrf(bed):
    has_vrfs = "RED" in sh(
        "ip -n xA link add RED type vrf table 10 && ip -n xA link show RED", check=False
    )
    sh("ip -n xA link del RED", check=False)
    ((_, code, text),) = bed.a.client.batch(ms.instance(iid=5, vrf="RED"))
    if has_vrfs:
        assert (code, text) == (errno.ENODEV, "VRF RED: no such VRF")
    else:
        assert (code, text) == (
            errno.EOPNOTSUPP,
            "VRF RED: this kernel has no VRF devices",
        )
    assert ": lisp5:" not in sh("ip -n xA -o link")
    bed.a.client.apply(ms.instance(iid=5, remove=True))


def test_rlocs_in_a_vrf_that_is_not_there(bed):
    bed.a.client.apply(ms.underlay("NONE"))
    assert bed.a.client.trouble().startswith("locator-table vrf NONE: ")
    assert ":4341" not in sh("ip netns exec xA ss -lun")
    bed.a.client.apply(ms.underlay("NONE2"))
    assert bed.a.client.trouble().startswith("locator-table vrf NONE2: ")
    bed.a.client.apply(ms.underlay("", remove=True))
    assert bed.a.client.trouble() == ""
    bed.a.client.apply(ms.underlay("NONE"))
    # a lispd that does not name it leaves RLOCs in the default VRF
    bed.a.connect()
    bed.a.replay(1)
    assert bed.a.client.trouble() == ""
    bed.b.client.apply(*bed.b.mappings(1))
    assert ":4341" in sh("ip netns exec xA ss -lun")
    assert bed.ping() == 3


@pytest.mark.parametrize("family", [4, 6])
def test_an_etr_without_itr_delivers(bed, family):
    "Whatever the kernel's reverse-path filter is by default."
    bed.a.client.apply(*bed.a.mappings(1))
    bed.b.client.apply(ms.instance(itr4=0, itr6=0))
    try:
        # the answers come back as if there were no LISP
        assert bed.ping(version=family) == 3
        if family == 4:
            sh("ip netns exec xB sysctl -qw net.ipv4.conf.all.rp_filter=1")
            wait_for(lambda: "all.rp_filter must be 0" in bed.b.client.missing())
            sh("ip netns exec xB sysctl -qw net.ipv4.conf.all.rp_filter=0")
            wait_for(lambda: bed.b.client.missing() == "")
            assert bed.ping(version=family) == 3
    finally:
        sh("ip netns exec xB sysctl -qw net.ipv4.conf.all.rp_filter=0")
        bed.b.client.apply(ms.instance())
    assert "= 2" in sh("ip netns exec xB sysctl net.ipv4.conf.lisp0.rp_filter")


def test_an_operators_device_is_left_alone(bed):
    bed.a.client.apply(ms.instance(remove=True))
    sh("ip -n xA tuntap add lisp9 mode tun")
    ((_, code, text),) = bed.a.client.batch(ms.instance(iid=9))
    assert code == errno.EEXIST and text.startswith("lisp9: somebody else's device")
    bed.a.client.apply(ms.instance(iid=9, remove=True))
    bed.a.client.apply(ms.end_of_replay())
    assert ": lisp9:" in sh("ip -n xA -o link")
    sh("ip -n xA link del lisp9")


@pytest.mark.parametrize(
    "frame",
    [
        (5 << 20).to_bytes(4, "big"),
        b"\0\0\0\4\xff\xff\xff\xff",
        b"\0\0\0\2\x12\0",
    ],
    ids=["too long", "malformed", "no Hello"],
)
def test_nonsense_on_the_mapping_socket_ends_the_connection_only(bed, frame):
    use(bed, 1)
    with socket.socket(socket.AF_UNIX) as foolish:
        foolish.settimeout(5)
        foolish.connect("/run/frr/xA/lispdp.sock")
        foolish.sendall(frame)
        assert foolish.recv(1) == b""
    assert bed.ping() == 3


def wait_for_packets(bed, count=20):
    "So many more come to B."
    came = lambda: sum(bed.b.counters().get(name, 0) for name in DECAPSULATED)
    wanted = came() + count
    wait_for(lambda: came() >= wanted)


def test_lispd_restarts_and_flows_go_on(bed):
    use(bed, 1)
    ping = bed.ping_start(150, 0.01)
    wait_for_packets(bed)
    bed.a.client.close()
    wait_for_packets(bed)
    bed.a.connect()
    recalled = bed.a.client.recall()
    bed.a.replay(1)
    assert bed.ping_result(ping) == 150
    assert sum(len(message.get(1, [])) for message in recalled) == 3
    assert sum(len(message.get(2, [])) for message in recalled) == 3
    held = [ms.decode(value) for message in recalled for value in message.get(3, [])]
    assert {ms.decode(each[1][0])[3][0] for each in held} == {1, 2}


def many(first, count):
    """So many mappings of single IPv4 addresses, fast: octets of operations."""
    heads = []
    for number in range(first, first + count):
        eid = struct.pack(">I", 0x64400000 + number)
        body = b"\x12\x08\x0a\x04" + eid + b"\x10\x20" + b"\x18" + ms.varint(number) + b"\x20\x04"
        heads.append(b"\x3a" + ms.varint(len(body)) + body)
    return heads


def test_400000_mappings_are_recalled_though_lispd_reads_late(bed):
    "More than the plugin keeps for a lispd that does not read; and they are swept."
    if bed.fast:
        pytest.skip("the same in the maps takes its time")
    count = 400000
    for first in range(10, count, 5000):
        bed.a.client.apply(*many(first, 5000))
    bed.a.connect()
    bed.a.client.recall_ask()
    waiting = [0, 0]

    def full():
        waiting.append(bed.a.client.waiting())
        return waiting[-1] and waiting[-1] == waiting[-2] == waiting[-3]

    wait_for(full)
    held = sum(len(message.get(3, [])) for message in bed.a.client.recall(ask=False))
    assert held == count
    bed.a.client.apply(*bed.a.base(), ms.end_of_replay())

    def left():
        bed.a.client.recalled.clear()
        return sum(len(message.get(3, [])) for message in bed.a.client.recall())

    wait_for(lambda: left() == 0, 30)


def test_294_icmp_for_hosts_is_limited_to_50_a_second(bed):
    bed.a.client.apply(ms.mapping("10.2.0.0/24", 1, action=ms.DROP))
    began = time.time()
    bed.ping(count=400, interval=0.002, wait=0.1)
    seconds = int(time.time()) - int(began) + 2  # that it touches; the clocks differ
    counters = bed.a.counters()
    assert counters["drop-action"] == 400
    assert 0 < counters["icmp-sent"] <= 50 * seconds < 400


def test_what_a_new_lispd_does_not_name_is_swept(bed):
    use(bed, 1)
    bed.a.connect()
    bed.a.replay()
    bed.ping(count=1, wait=0.2)
    bed.a.client.wait_miss("10.2.0.10")


def test_zebra_is_killed_and_flows_go_on(bed):
    use(bed, 1)
    ping = bed.ping_start(400, 0.01)
    wait_for_packets(bed)
    bed.a.stop(signal.SIGKILL)
    assert bed.a.leftovers()
    if bed.fast:
        wait_for_packets(bed)
    bed.a.start()
    bed.a.connect()
    assert ping.poll() is None
    bed.a.replay(1)
    answers = bed.ping_result(ping)
    assert answers == 400 if bed.fast else answers > 0
    assert bed.ping(version=6) == 3


def test_stop_removes_everything(bed):
    use(bed, 1)
    bed.a.client.apply(ms.mapping("10.3.0.0/24", 3, action=ms.NATIVELY_FORWARD))
    bed.a.client.apply(ms.tunnel("gre1", "192.0.2.1", "192.0.2.2"))
    assert bed.a.leftovers()
    bed.a.stop()
    assert bed.a.leftovers() == []
    bed.a.start()


def test_what_kill_left_is_swept_by_an_empty_replay(bed):
    use(bed, 1)
    bed.a.client.apply(ms.mapping("10.3.0.0/24", 3, action=ms.NATIVELY_FORWARD))
    bed.a.stop(signal.SIGKILL)
    assert bed.a.leftovers()
    bed.a.start()
    bed.a.connect()
    bed.a.client.apply(ms.end_of_replay())
    assert bed.a.leftovers() == []


def test_leaving_router_lisp_removes_everything(bed):
    use(bed, 1)
    for site in bed.sites:
        site.client.apply(*site.no_mappings())
        site.client.apply(ms.instance(remove=True))
        assert site.leftovers() == []
