# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two customers with the same prefixes, each in a VRF device of both xTRs, beside instance 0
in the default VRF. Run as forwarding.py is, where the kernel has VRF devices.

    hA - RED  xA RED  - hB        instance-id 1
    kA - BLUE xA BLUE - kB        instance-id 70000
"""

import os
import signal

import mapping_socket as ms
import pytest
from testbed import Bed, link, sh, wait_for

INSTANCES = {"RED": 1, "BLUE": 70000}
HOSTS = {"RED": "h", "BLUE": "k"}
PORTS = {"RED": "site", "BLUE": "blue"}
TABLES = {"RED": 10, "BLUE": 20}
SLOW = int(os.environ.get("LISP_SLOW", "1"))


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
                sh(f"ip -n {router} addr flush dev {port}")
                sh(f"ip -n {router} link set {port} master {vrf}")
                for address in ends[1]:
                    sh(f"ip -n {router} addr add {address} dev {port} nodad")
            sh(f"ip -n {host} route add default via 10.{number}.0.1")
            sh(f"ip -n {host} route add default via 2001:db8:{number}::1")

    def finish(self):
        super().finish()
        for host in ("kA", "kB"):
            sh(f"ip netns del {host}", check=False)


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


def replay(site, **kwargs):
    # The EIDs of the customers are none of instance 0.
    strangers = [
        ms.local_eid(f"10.{site.number}.0.0/24", remove=True),
        ms.local_eid(f"2001:db8:{site.number}::/64", remove=True),
    ]
    site.client.apply(*operations(site, **kwargs), *strangers, ms.end_of_replay())


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
    command = f"ip netns exec {HOSTS[vrf]}A ping -{version} -n -c {count} -i 0.2 -W {SLOW} {target}"
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
        assert f"default dev lisp{iid}" in sh(f"ip -n xA route show vrf {vrf}")
    assert "lisp0" in sh("ip -n xA route show table 4342")
    assert "4342" not in sh("ip -n xA rule")


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
    wait_for(lambda: ": lisp1:" not in sh("ip -n xA -o link"), 30 * SLOW)
    assert ping("BLUE") == 5
    sh("ip -n xA link add RED type vrf table 10 && ip -n xA link set RED up")
    sh("ip -n xA addr flush dev site; ip -n xA link set site master RED")
    sh("ip -n xA addr add 10.1.0.1/24 dev site")
    sh("ip -n xA addr add 2001:db8:1::1/64 dev site nodad")
    wait_for(lambda: "lisp1" in sh("ip -n xA -o link show master RED"), 30 * SLOW)
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


def test_nothing_is_left(bed):
    bed.a.stop()
    assert bed.a.leftovers() == []
    for vrf in INSTANCES:
        assert "default" not in sh(f"ip -n xA route show vrf {vrf}")
    bed.a.start()
