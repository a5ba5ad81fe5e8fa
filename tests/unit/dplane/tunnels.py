# SPDX-License-Identifier: GPL-2.0-or-later
"""The ALT's tunnels between the two sites. Run as forwarding.py is."""

import mapping_socket as ms
import pytest
from beds import fixture_bed, testbed  # used by name
from testbed import Bed, sh, wait_for

UNFILTERED = b"no BPF: what it forwards is not filtered"


def told(site, name):
    """What the plugin said last of a tunnel."""
    site.client.counters()
    return site.client.tunnels.get(name, {})


def test_tunnels_in_a_namespace_vrf():
    bed = Bed()
    sites = bed.sites
    try:
        for site in sites:
            site.vrf = "ALT" + site.router
            sh(f"ip netns add {site.vrf}; ip -n {site.vrf} link set lo up")
            site.arguments = ["-w"]
        bed.start()
        for site in sites:
            ends = (site.address(1), site.address(1, site.other))
            site.client.apply(ms.tunnel("gre1", *ends, vrf=site.vrf, key=1))
            assert 5 not in site.client.wait_tunnel("gre1")
            sh(f"ip -n {site.vrf} addr add 240.0.254.{site.number}/24 dev gre1")
        sh("ip netns exec ALTxA ping -n -c 3 -i 0.05 -W 1 240.0.254.2")
        assert (
            bed.a.client.batch(ms.tunnel("gre2", *ends, vrf="none"))[0][2]
            == "tunnel gre2 in VRF none: no such VRF"
        )
        sh("ip netns del ALTxA")
        wait_for(lambda: told(bed.a, "gre1").get(5) == [b"no such VRF"])
        sh("ip netns add ALTxA")
        wait_for(lambda: "gre1" in sh("ip -n ALTxA link"))
        for site in sites:
            site.stop()
            assert "gre1" not in sh(f"ip -n {site.vrf} link")
            assert site.leftovers() == []
    finally:
        bed.finish()
        for site in sites:
            sh(f"ip netns del {site.vrf}", check=False)


@pytest.mark.parametrize("key", [None, 7])
@pytest.mark.parametrize("version", [4, 6])
def test_gre_tunnels(bed, version, key):
    locator = 1 if version == 4 else 2
    for site in bed.sites:
        ends = (site.address(locator), site.address(locator, site.other))
        site.client.apply(ms.tunnel("gre1", *ends, key=key))
        state = site.client.wait_tunnel("gre1")
        overhead = (20 if version == 4 else 40) + (4 if key is None else 8)
        assert state[3] == [1500 - overhead]
        assert state.get(5, [b""]) == [b"" if bed.fast else UNFILTERED]
        sh(f"ip -n {site.router} addr add 240.0.254.{site.number}/24 dev gre1")
        sh(f"ip -n {site.router} addr add 2001:db8:f0::{site.number}/64 dev gre1")
    for target in ("240.0.254.2", "2001:db8:f0::2"):
        sh(f"ip netns exec xA ping -n -c 3 -i 0.05 -W 1 -s 1300 {target}")
    count = ms.decode(bed.a.client.counters()[1][5][0])
    assert count[2][0] >= 6 and count[4][0] >= 6
    bed.b.client.apply(ms.tunnel("gre1", *ends, key=99))
    assert "3 received" not in sh(
        "ip netns exec xA ping -c 3 -i 0.05 -W 0.2 240.0.254.2", check=False
    )
    if not state.get(4):  # the kernel's device does not see what is not its own
        assert ms.decode(bed.b.client.counters()[1][5][0]).get(6, [0])[0] >= 1
    for site in bed.sites:
        site.client.apply(ms.tunnel("gre1", *ends, remove=True))
        site.client.tunnels.clear()
        assert "gre1" not in sh(f"ip -n {site.router} link")


def gre1(site, name="gre1", **kwargs):
    """A tunnel over the first link."""
    return ms.tunnel(name, site.address(1), site.address(1, site.other), **kwargs)


def test_a_tunnel_that_somebody_deletes_is_made_again(bed):
    bed.a.client.apply(gre1(bed.a))
    before = bed.a.client.wait_tunnel("gre1")
    sh("ip -n xA link del gre1")
    wait_for(lambda: "gre1" in sh("ip -n xA link"))
    assert told(bed.a, "gre1")[2] != before[2]
    bed.a.client.apply(gre1(bed.a, remove=True))


def test_tunnels_forward_and_take_sources_without_routes(bed):
    sh("ip netns exec xA sysctl -qw net.ipv4.conf.default.rp_filter=1")
    sh("ip netns exec xA sysctl -qw net.ipv4.conf.default.forwarding=0")
    bed.a.client.apply(gre1(bed.a))
    keys = "net.ipv4.conf.gre1.rp_filter net.ipv4.conf.gre1.forwarding"
    assert sh(f"ip netns exec xA sysctl -n {keys}").split() == ["0", "1"]
    bed.a.client.apply(gre1(bed.a, remove=True))


SEND_GRE = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_GRE)
s.sendto(bytes.fromhex("{packet}"), ("192.0.2.2", 0))
"""


def send_gre(header):
    """From site A to B's end: a packet with that GRE header."""
    payload = "" if len(header) < 8 else "45" + "00" * 19
    program = SEND_GRE.format(packet=header + payload)
    sh(f"ip netns exec xA /usr/bin/python3 -c '{program}'")


def drops_and_packets(site):
    """What the only tunnel of a site has counted."""
    count = ms.decode(site.client.counters()[1][5][0])
    return count.get(6), count.get(2)


HEADERS = {
    "short": "0000",
    "version": "00010800",
    "bit 4": "08000800",
    "bit 5": "04000800",
    "routing": "40000800",
    "checksum": "8000080000010000",
    "key": "2000080000000001",
    "protocol": "000088be",
}


@pytest.mark.parametrize("header", HEADERS)
def test_244_bad_gre_headers_are_counted_drops(bed, header):
    bed.b.client.apply(gre1(bed.b))
    if bed.b.client.wait_tunnel("gre1").get(4):
        pytest.skip("the kernel's device does not see what is not its own")
    send_gre(HEADERS[header])
    wait_for(lambda: drops_and_packets(bed.b) == ([1], None))
    bed.b.client.apply(gre1(bed.b, remove=True))


def test_244_reserved_bits_of_gre_mean_nothing(bed):
    """RFC 2784 section 2.3: 6 to 12 are ignored."""
    bed.b.client.apply(gre1(bed.b))
    bed.b.client.wait_tunnel("gre1")
    send_gre("03f80800")
    wait_for(lambda: drops_and_packets(bed.b) == (None, [1]))
    bed.b.client.apply(gre1(bed.b, remove=True))


def test_tunnels_with_the_same_ends_have_one_socket_and_the_packets_of_their_keys(bed):
    names = {key: f"gre{key}" for key in range(1, 9)}
    tunnel = lambda key, **kwargs: gre1(bed.b, name=names[key], key=key, **kwargs)
    bed.b.client.apply(*map(tunnel, names))
    if bed.b.client.wait_tunnel("gre1").get(4):
        pytest.skip("the kernel's devices have no sockets")
    sockets = sh("ip netns exec xB cat /proc/net/raw")
    assert len([line for line in sockets.splitlines() if ":002F " in line]) == 1
    for key in names:
        for _ in range(key):
            send_gre(f"20000800{key:08x}")
    seen = lambda: [
        (count[1][0].decode(), count.get(2, [0])[0], count.get(6, [0])[0])
        for count in map(ms.decode, bed.b.client.counters()[1][5])
    ]
    wanted = [(name, key, 0) for key, name in names.items()]
    wait_for(lambda: sorted(seen()) == wanted)
    bed.b.client.apply(*(tunnel(key, remove=True) for key in names))
