# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two customers with the same prefixes, each in a VRF device of both xTRs, beside instance 0
in the default VRF. Run as forwarding.py is, where the kernel has VRF devices.

    hA - RED  xA RED  - hB        instance-id 1
    kA - BLUE xA BLUE - kB        instance-id 70000
"""

import signal

import mapping_socket as ms
import pytest
from testbed import Bed, link, sh, wait_for

INSTANCES = {"RED": 1, "BLUE": 70000}
HOSTS = {"RED": "h", "BLUE": "k"}
PORTS = {"RED": "site", "BLUE": "blue"}
TABLES = {"RED": 10, "BLUE": 20}


class Customers(Bed):
    def __init__(self, options):
        super().__init__(options)
        for site, number in (("A", 1), ("B", 2)):
            host, router = f"k{site}", f"x{site}"
            sh(f"ip netns add {host}; ip -n {host} link set lo up")
            ends = [[f"10.{number}.0.{n}/24", f"2001:db8:{number}::{n}/64"] for n in (10, 1)]
            # the same addresses in two VRFs: none before it is in its VRF
            link(host, "e0", router, "blue", (ends[0], ()))
            for vrf, port in PORTS.items():
                sh(f"ip -n {router} link add {vrf} type vrf table {TABLES[vrf]}")
                sh(f"ip -n {router} link set {vrf} up")
                in_vrf(router, vrf, port, *ends[1])
            sh(f"ip -n {host} route add default via 10.{number}.0.1")
            sh(f"ip -n {host} route add default via 2001:db8:{number}::1")

    def finish(self):
        super().finish()
        for host in ("kA", "kB"):
            sh(f"ip netns del {host}", check=False)


def in_vrf(router, vrf, port, *addresses):
    "Puts a port into a VRF, empty: default, where it keeps only these addresses."
    sh(f"ip -n {router} addr flush dev {port}")
    sh(f"ip -n {router} link set {port} {f'master {vrf}' if vrf else 'nomaster'}")
    for address in addresses:
        sh(f"ip -n {router} addr add {address} dev {port} nodad")


def sites_in(bed, vrf):
    "Puts RED's ports into another VRF."
    for site in bed.sites:
        ends = (f"10.{site.number}.0.1/24", f"2001:db8:{site.number}::1/64")
        in_vrf(site.router, vrf, "site", *ends)


def rlocs_in(site, vrf):
    "Puts the ports of the RLOCs into a VRF, empty: default, and says so."
    if vrf:
        sh(f"ip -n {site.router} link add {vrf} type vrf table 30")
        sh(f"ip -n {site.router} link set {vrf} up")
    ends = (f"192.0.2.{site.number}/24", f"2001:db8:f000::{site.number}/64")
    in_vrf(site.router, vrf, "u0", *ends)
    in_vrf(site.router, vrf, "u1", f"198.51.100.{site.number}/24")
    site.client.apply(ms.underlay(vrf, remove=not vrf))


def operations(site, rloc_set=3, vrfs=("RED", "BLUE")):
    "Mapping ids are 1, 2 for RED and 3, 4 for BLUE."
    ops = site.base()
    for vrf in vrfs:
        iid, first = INSTANCES[vrf], 1 if vrf == "RED" else 3
        ops.append(ms.instance(iid=iid, vrf=vrf))
        for number, form in enumerate(("10.{}.0.0/24", "2001:db8:{}::/64")):
            ops.append(ms.local_eid(form.format(site.number), iid))
            other = form.format(site.other)
            ops.append(ms.mapping(other, first + number, rloc_set, iid=iid))
    return ops


def replay(site, underlay="", **kwargs):
    # The EIDs of the customers are none of instance 0.
    strangers = [
        ms.local_eid(f"10.{site.number}.0.0/24", remove=True),
        ms.local_eid(f"2001:db8:{site.number}::/64", remove=True),
    ]
    rlocs = [ms.underlay(underlay)] if underlay else []
    site.client.apply(*rlocs, *operations(site, **kwargs), *strangers, ms.end_of_replay())


@pytest.fixture(scope="module", params=["bpf", "nobpf"])
def bed(request):
    bed = Customers("" if request.param == "bpf" else "nobpf")
    bed.fast = request.param == "bpf"
    for site in bed.sites:
        site.start()
        site.connect()
        replay(site)
    yield bed
    bed.finish()


@pytest.fixture(autouse=True)
def fresh(bed):
    for site in bed.sites:
        if not site.client:
            site.connect()
        replay(site)
        site.clear()


def ping(vrf, version=4, count=5, target=None):
    "From the customer's host at A to the one at B; how many answers came."
    target = target or ("10.2.0.10" if version == 4 else "2001:db8:2::10")
    command = f"ip netns exec {HOSTS[vrf]}A ping -{version} -n -c {count} -i 0.2 -W {ms.SLOW} {target}"
    for line in sh(command, check=False).splitlines():
        if "packets transmitted" in line:
            return int(line.split(",")[1].split()[0])
    return 0


def echoes(host):
    "IPv4 echo requests that a host has got."
    names, values = [
        line.split() for line in sh(f"ip netns exec {host} cat /proc/net/snmp").splitlines()
        if line.startswith("Icmp:")
    ]
    return int(values[names.index("InEchos")])


def counted(site):
    "Packets sent by mapping id."
    rows = map(ms.decode, site.client.counters()[1].get(4, []))
    return {row[1][0]: row[2][0] for row in rows}


def paths(site):
    "Encapsulated by the kernel, in user space."
    counters = site.counters()
    return tuple(
        sum(n for name, n in counters.items() if name.startswith(prefix))
        for prefix in ("encap-", "slow-encap-")
    )


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("vrf", INSTANCES)
def test_a_customers_packets_stay_its_own(bed, vrf, version):
    stranger = "kB" if vrf == "RED" else "hB"
    before = echoes(stranger)
    assert ping(vrf, version) == 5
    assert echoes(stranger) == before
    mapping = (1 if vrf == "RED" else 3) + version // 6
    assert counted(bed.a) == {mapping: 5}
    assert paths(bed.a) == ((5, 0) if bed.fast else (0, 5))


def test_devices_are_in_their_vrfs(bed):
    for vrf, iid in INSTANCES.items():
        assert f"lisp{iid}" in sh(f"ip -n xA -o link show master {vrf}")
        assert f"default via 192.0.0.8 dev lisp{iid}" in sh(f"ip -n xA route show vrf {vrf}")
    assert "lisp0" in sh("ip -n xA route show table 4342")
    assert "from 10." not in sh("ip -n xA rule")


def test_a_customer_without_mapping_does_not_use_the_others(bed):
    bed.a.client.apply(ms.mapping("10.2.0.0/24", 0, iid=INSTANCES["BLUE"], remove=True))
    assert ping("BLUE", count=1) == 0
    bed.a.client.wait_miss("10.2.0.10")
    assert bed.a.client.missed_instances == {INSTANCES["BLUE"]}
    assert ping("RED") == 5


def test_a_customer_that_the_other_side_does_not_have_is_a_counted_drop(bed):
    bed.b.connect()
    replay(bed.b, vrfs=("RED",))
    assert ping("BLUE", count=3) == 0
    assert bed.b.counters()["unknown-instance-id"] == 3
    assert ping("RED") == 5


@pytest.mark.parametrize("vrf", INSTANCES)
def test_natively_forward_ends_in_the_vrf(bed, vrf):
    iid = INSTANCES[vrf]
    native = ms.mapping("10.2.0.0/24", 1, action=ms.NATIVELY_FORWARD, iid=iid)
    bed.a.client.apply(native)
    assert "unreachable 10.2.0.0/24" in sh(f"ip -n xA route show vrf {vrf}")
    assert ping(vrf, count=1) == 0
    assert ping("RED" if vrf == "BLUE" else "BLUE") == 5


def test_failover_is_for_both(bed):
    bed.a.client.apply(bed.a.locator(1, up=False))
    assert ping("RED") == ping("BLUE") == 5
    rows = map(ms.decode, bed.a.client.counters()[1][3])
    sent = {row[1][0]: row.get(2, [0])[0] for row in rows}
    assert sent[3] == 10 and not sent.get(1)


def test_a_vrf_is_deleted_and_made_again(bed):
    sh("ip -n xA link del RED")
    wait_for(lambda: ": lisp1:" not in sh("ip -n xA -o link"))
    assert ping("BLUE") == 5
    sh("ip -n xA link add RED type vrf table 10 && ip -n xA link set RED up")
    in_vrf("xA", "RED", "site", "10.1.0.1/24", "2001:db8:1::1/64")
    wait_for(lambda: "lisp1" in sh("ip -n xA -o link show master RED"))
    assert ping("RED") == 5


def test_lispd_restarts(bed):
    bed.a.connect()
    recalled = bed.a.client.recall()
    held = [ms.decode(value) for message in recalled for value in message.get(3, [])]
    instances = {ms.decode(each[1][0]).get(1, [0])[0] for each in held}
    assert instances == set(INSTANCES.values())
    assert ping("RED") == ping("BLUE") == 5
    replay(bed.a)
    assert ping("RED") == ping("BLUE") == 5


def test_zebra_is_killed_and_comes_back(bed):
    bed.a.stop(signal.SIGKILL)
    if bed.fast:
        assert ping("RED") == ping("BLUE") == 5
    bed.a.start()
    bed.a.connect()
    replay(bed.a)
    assert ping("RED") == ping("BLUE") == 5


@pytest.fixture(name="underlay")
def fixture_underlay(bed):
    "RLOCs are in a VRF of their own."
    for site in bed.sites:
        rlocs_in(site, "UNDERLAY")
    yield
    for site in bed.sites:
        rlocs_in(site, "")
        sh(f"ip -n {site.router} link del UNDERLAY")
    assert ping("RED") == ping("BLUE") == 5


def way(bed):
    return (5, 0) if bed.fast else (0, 5)


@pytest.mark.parametrize("rlocs", [4, 6])
@pytest.mark.parametrize("version", [4, 6])
def test_rlocs_in_a_vrf(bed, underlay, version, rlocs):
    for site in bed.sites:
        replay(site, rloc_set=3 if rlocs == 4 else 2, underlay="UNDERLAY")
        assert "%UNDERLAY:4341" in sh(f"ip netns exec {site.router} ss -lun")
    before = echoes("kB")
    assert ping("RED", version) == 5
    assert paths(bed.a) == way(bed)
    assert echoes("kB") == before
    assert ping("BLUE", version) == 5


def test_rlocs_in_a_vrf_failover_and_icmp(bed, underlay):
    for site in bed.sites:
        site.client.apply(site.locator(1, up=False))
    assert ping("RED") == ping("BLUE") == 5
    rows = map(ms.decode, bed.a.client.counters()[1][3])
    sent = {row[1][0]: row.get(2, [0])[0] for row in rows}
    assert sent[3] == 10 and not sent.get(1)


def test_rlocs_in_a_vrf_whose_route_moved(bed, underlay):
    "Nobody has told it yet: the kernel finds the way in this VRF."
    sh("ip -n xA route del 192.0.2.0/24 dev u0 vrf UNDERLAY")
    sh("ip -n xA route add 192.0.2.2 via 198.51.100.2 vrf UNDERLAY")
    assert ping("RED") == 5


def test_the_vrf_of_rlocs_is_deleted_and_made_again(bed, underlay):
    sh("ip -n xA link del UNDERLAY")
    trouble = "locator-table vrf UNDERLAY: no such VRF"
    wait_for(lambda: bed.a.client.trouble(1) == trouble)
    assert bed.a.client.trouble(70000) == trouble
    assert ":4341" not in sh("ip netns exec xA ss -lun")
    sh("ip -n xA link add UNDERLAY type vrf table 30; ip -n xA link set UNDERLAY up")
    in_vrf("xA", "UNDERLAY", "u0", "192.0.2.1/24", "2001:db8:f000::1/64")
    in_vrf("xA", "UNDERLAY", "u1", "198.51.100.1/24")
    wait_for(lambda: bed.a.client.trouble(1) == "")
    assert ping("RED") == ping("BLUE") == 5


@pytest.mark.parametrize("vrf", ["", "UNDERLAY"])
def test_eids_in_the_default_vrf_and_in_that_of_the_rlocs(bed, underlay, vrf):
    for site in bed.sites:
        site.client.apply(ms.instance(remove=True), ms.instance(iid=1, vrf=vrf))
    sites_in(bed, vrf)
    assert ping("RED", 4) == 5
    assert paths(bed.a) == way(bed)
    assert ping("RED", 6) == ping("BLUE") == 5
    sites_in(bed, "RED")
    for site in bed.sites:
        site.client.apply(ms.instance(iid=1, vrf="RED"))


def test_a_tunnel_of_the_alt_between_rlocs_in_a_vrf(bed, underlay):
    for site in bed.sites:
        site.client.apply(ms.tunnel("gre1", site.address(1), site.address(1, site.other)))
        site.client.wait_tunnel("gre1")
        sh(f"ip -n {site.router} addr add 240.0.254.{site.number}/24 dev gre1")
    sh(f"ip netns exec xA ping -n -c 3 -i 0.2 -W {ms.SLOW} 240.0.254.2")
    for site in bed.sites:
        site.client.apply(ms.tunnel("gre1", "192.0.2.1", "192.0.2.2", remove=True))
        site.client.tunnels.clear()


def alt_in(vrf):
    "The ALT's device and last defaults in a VRF of xA."
    device = "lispalt" in sh(f"ip -n xA -o link show master {vrf}")
    guards = [sh(f"ip -n xA -{version} route show vrf {vrf}") for version in (4, 6)]
    return device, all("unreachable default" in guard for guard in guards)


def test_an_alt_stays_without_lispd(bed):
    sh("ip -n xA link add ALT type vrf table 40; ip -n xA link set ALT up")
    bed.a.client.apply(ms.alt("ALT"))
    assert alt_in("ALT") == (True, True)
    bed.a.client.close()
    assert ping("RED") == 5
    assert alt_in("ALT") == (True, True)
    # killed, zebra leaves the default alone; the next lispd does not want it
    bed.a.stop(signal.SIGKILL)
    assert alt_in("ALT") == (False, True)
    bed.a.start()
    bed.a.connect()
    replay(bed.a)
    assert alt_in("ALT") == (False, False)
    bed.a.client.apply(ms.alt("ALT"))
    bed.a.stop()
    assert alt_in("ALT") == (False, False)
    bed.a.start()
    sh("ip -n xA link del ALT")


def test_nothing_is_left(bed):
    bed.a.stop()
    assert bed.a.leftovers() == []
    for vrf in INSTANCES:
        assert "default" not in sh(f"ip -n xA route show vrf {vrf}")
    bed.a.start()
