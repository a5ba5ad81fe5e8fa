# SPDX-License-Identifier: GPL-2.0-or-later
"""
Underlays that are no Ethernet: two TUN devices, and a program that carries packets between
them; WireGuard and PPP in the virtual machine. Run as forwarding.py is.
"""

import contextlib
import os
import subprocess
import sys

import mapping_socket as ms
import pytest
from beds import fixture_bed, testbed  # the fixtures: used by name
from testbed import sh, wait_for

CARRY = """
import ctypes, fcntl, os, select, struct
libc = ctypes.CDLL(None, use_errno=True)
def tun(node):
    assert libc.setns(os.open("/run/netns/" + node, os.O_RDONLY), 0x40000000) == 0
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, 0x400454CA, struct.pack("16sH22x", b"t0", 0x1001))  # IFF_TUN, IFF_NO_PI
    return fd
fds = [tun("xA"), tun("xB")]
print("ready", flush=True)
while True:
    for fd in select.select(fds, [], [])[0]:
        try:
            os.write(fds[1 - fds.index(fd)], os.read(fd, 65536))
        except OSError:
            pass  # the other end is down
"""
LINK = {4: "203.0.113.", 6: "2001:db8:f00f::"}


@contextlib.contextmanager
def tun():
    with subprocess.Popen([sys.executable, "-c", CARRY], stdout=subprocess.PIPE, text=True) as carry:
        assert carry.stdout.readline() == "ready\n"
        yield
        carry.kill()


@contextlib.contextmanager
def wireguard():
    keys = {router: sh("wg genkey").strip() for router in ("xA", "xB")}
    for router, other, number in (("xA", "xB", 2), ("xB", "xA", 1)):
        public = sh(f"echo {keys[other]} | wg pubkey").strip()
        sh(f"ip -n {router} link add t0 type wireguard")
        sh(
            f"echo {keys[router]} >/tmp/wg.key; ip netns exec {router} wg set t0 private-key"
            f" /tmp/wg.key listen-port 51820 peer {public} endpoint 192.0.2.{number}:51820"
            " allowed-ips 0.0.0.0/0,::/0"
        )
    yield


@contextlib.contextmanager
def ppp():
    both = "nodetach noauth local noccp novj +ipv6 ifname t0 nodefaultroute"
    other = f"ip netns exec xB pppd notty {both} {LINK[4]}2:{LINK[4]}1"
    command = ["ip", "netns", "exec", "xA", "pppd", *both.split()]
    command += [f"{LINK[4]}1:{LINK[4]}2", "pty", other]
    address = lambda router: sh(f"ip -n {router} addr show t0", check=False)
    with open("/tmp/pppd.out", "w+", encoding="ascii", errors="replace") as said:
        with subprocess.Popen(command, stdout=said, stderr=said) as pppd:
            try:
                wait_for(lambda: all(LINK[4] in address(router) for router in ("xA", "xB")), 6)
                yield
            except AssertionError as error:
                said.seek(0)
                raise AssertionError(said.read()) from error
            finally:
                pppd.terminate()


KINDS = {"tun": tun, "wireguard": wireguard, "ppp": ppp}


@pytest.fixture(name="wire", scope="module", params=os.environ.get("LISP_LINKS", "tun").split())
def fixture_wire(testbed, request):
    for router in ("xA", "xB"):
        sh(f"ip -n {router} link del t0", check=False)
    with KINDS[request.param]():
        for router, number in (("xA", 1), ("xB", 2)):
            for version, length in ((4, 24), (6, 64)):
                sh(f"ip -n {router} addr replace {LINK[version]}{number}/{length} dev t0")
            sh(f"ip -n {router} link set t0 up")
        yield


@pytest.fixture(name="beyond")
def fixture_beyond(bed, wire):
    "Locators 4 and 6 of each site are beyond that link."
    for site in bed.sites:
        t0 = site.ifindex("t0")
        for version, net in LINK.items():
            mine, other = f"{net}{site.number}", f"{net}{site.other}"
            site.client.apply(ms.local_rloc(mine, t0), ms.locator(version, other, mine, t0))
            site.client.apply(ms.rloc_set(10 + version, (version, 1, 50)))
    return bed


@pytest.mark.parametrize("inner", [4, 6])
@pytest.mark.parametrize("outer", [4, 6])
def test_packets_and_large_tcp_go_over_a_link_without_ethernet(beyond, outer, inner):
    for site in beyond.sites:
        site.client.apply(*site.mappings(10 + outer))
    assert beyond.ping(version=inner) == 3
    assert beyond.ping(count=3, version=inner, size=1300) == 3
    beyond.tcp(inner, 5 if ms.SLOW == 1 else 1)
    kind = f"encap-ipv{outer}-rloc" if beyond.fast else f"slow-encap-ipv{outer}-rloc"
    assert beyond.a.counters()[kind] > 100
    outcome, steps = beyond.a.client.explain(
        *(("10.1.0.10", "10.2.0.10") if inner == 4 else ("2001:db8:1::10", "2001:db8:2::10"))
    )
    assert (outcome, steps["underlay"][0]) == ("encapsulated", "t0")


def test_what_is_too_big_for_it_is_told_its_size(beyond):
    for site in beyond.sites:
        site.client.apply(*site.mappings(14))
        sh(f"ip -n {site.router} link set t0 mtu 1400")
        site.client.apply(ms.locator(4, f"{LINK[4]}{site.other}", f"{LINK[4]}{site.number}",
                                     site.ifindex("t0")))
    wait_for(lambda: beyond.ping(count=1, size=1300, options="-M do", wait=0.3) == 1)
    assert beyond.ping(count=2, size=1350, options="-M do", wait=0.3) == 0
