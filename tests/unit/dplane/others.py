# SPDX-License-Identifier: GPL-2.0-or-later
"""
What others take away or change in the kernel is made again, and what is theirs stays. Run as
forwarding.py is.
"""

import subprocess
import sys

import mapping_socket as ms
import pytest
from beds import fixture_bed, testbed, use  # the fixtures: used by name
from testbed import LOGS, sh, wait_for


def inside(command, node="xA", check=True):
    return sh(f"ip netns exec {node} sh -c '{command}'", check=check)


def attached():
    "Programs of ours at the device and at an interface of RLOCs."
    shown = inside("tc filter show dev lisp0 egress; tc filter show dev u0 ingress", check=False)
    return sorted(line.split()[-3] for line in shown.splitlines() if "lisp_" in line)


THEIRS = 'protocol all bpf bytecode "1,6 0 0 0,"'  # it matches nothing
FOREIGN = f"tc filter add dev u0 ingress pref 7 {THEIRS}"
TAKEN = {
    "the program of the device": "tc filter del dev lisp0 egress",
    "all at the device": "tc qdisc del dev lisp0 clsact",
    "the program of an interface": "tc filter del dev u0 ingress pref 4341",
    "all at an interface": "tc qdisc del dev u0 clsact",
    "all of both": "tc qdisc del dev lisp0 clsact; tc qdisc del dev u0 clsact",
    "the program, by another in its place": "tc filter replace dev u0 ingress pref 4341 handle 1"
    f" {THEIRS}",
}


@pytest.mark.parametrize("what", TAKEN)
def test_a_program_that_somebody_takes_off_is_attached_again(bed, what):
    if not bed.fast:
        pytest.skip("there are no programs")
    use(bed, 1)
    before = attached()
    assert len(before) == 2
    inside(TAKEN[what])
    assert attached() != before
    wait_for(lambda: attached() == before)
    bed.a.clear()
    assert bed.ping() == 3
    counted = bed.a.counters()
    assert (counted["encap-ipv4-rloc"], counted["decap-ipv4-rloc"]) == (3, 3)


def test_programs_of_others_stay(bed):
    if not bed.fast:
        pytest.skip("there are no programs")
    inside(FOREIGN)
    theirs = lambda: "pref 7 bpf" in inside("tc filter show dev u0 ingress")
    try:
        inside("tc filter del dev u0 ingress pref 4341")
        wait_for(lambda: len(attached()) == 2)
        assert theirs()
        bed.a.client.apply(ms.instance(remove=True))
        assert attached() == [] and theirs()
    finally:
        inside("tc qdisc del dev u0 clsact", check=False)


SETTINGS = "net.ipv4.conf.lisp0.rp_filter=2 net.ipv4.conf.lisp0.forwarding=1"
SETTINGS += " net.ipv6.conf.lisp0.disable_ipv6=0"


def settings():
    names = " ".join(each.split("=")[0] for each in SETTINGS.split())
    return "".join(inside(f"sysctl {names}").split())


@pytest.mark.parametrize("change", ["ipv4.conf.lisp0.rp_filter=1", "ipv4.conf.lisp0.forwarding=0",
                                    "ipv6.conf.lisp0.disable_ipv6=1"])
def test_settings_of_the_device_are_set_back(bed, change):
    use(bed, 1)
    before = settings()
    assert before == SETTINGS.replace(" ", "")
    inside(f"sysctl -qw net.{change}")
    assert settings() != before
    wait_for(lambda: settings() == before)
    for version in (4, 6):
        wait_for(lambda v=version: bed.ping(count=1, version=v, wait=0.3) == 1)


def test_ipv6_is_on_at_the_device_where_new_interfaces_have_none(bed):
    bed.a.client.apply(ms.instance(remove=True))
    inside("sysctl -qw net.ipv6.conf.default.disable_ipv6=1")
    try:
        bed.a.replay(1)
        bed.b.replay(1)
        wait_for(lambda: bed.ping(count=1, version=6, wait=0.3) == 1)
    finally:
        inside("sysctl -qw net.ipv6.conf.default.disable_ipv6=0")


READ_ONLY = "mount --bind /proc/sys /proc/sys; mount -o remount,bind,ro /proc/sys; exec \"$@\""


def again(site, within=()):
    "Its zebra stops, and another one starts by this command."
    site.stop()
    site.within = list(within)
    site.start()
    site.connect()
    site.replay(1)


def test_where_proc_sys_is_read_only_netlink_makes_the_settings(bed):
    "As in a container; what netlink cannot make is told, once."
    logged = lambda: sh(f"cat {LOGS}/xB.out").count("disable_ipv6 must be 0")
    before = logged()
    default = "net.ipv4.conf.default.rp_filter={} net.ipv6.conf.default.disable_ipv6={}"
    inside("sysctl -qw " + default.format(1, 1), "xB")
    try:
        again(bed.b, ["unshare", "-m", "sh", "-c", READ_ONLY, "sh"])
        bed.a.replay(1)
        wait_for(lambda: "lisp0.disable_ipv6 must be 0" in bed.b.client.missing())
        bed.b.client.apply(ms.instance(itr4=0, itr6=0))
        shown = inside("sysctl -n net.ipv4.conf.lisp0.rp_filter net.ipv4.conf.lisp0.forwarding", "xB")
        assert shown.split() == ["0", "1"]
        wait_for(lambda: bed.ping(count=1, wait=0.3) == 1)
        inside("sysctl -qw net.ipv4.conf.lisp0.rp_filter=1", "xB")
        wait_for(lambda: bed.ping(count=1, wait=0.3) == 1)
    finally:
        inside("sysctl -qw " + default.format(0, 0), "xB")
        again(bed.b)
    wait_for(lambda: bed.b.client.missing() == "")
    assert logged() == before + 1


NO_RAW = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
int socket(int domain, int type, int protocol)
{
	int (*real)(int, int, int) = dlsym(RTLD_NEXT, "socket");

	if (domain != AF_INET6 || protocol != IPPROTO_RAW)
		return real(domain, type, protocol);
	errno = ERROR;
	return -1;
}
"""
PRELOAD = 'ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" LD_PRELOAD={} exec "$@"'


@pytest.mark.parametrize(
    "error, missing", [("EAFNOSUPPORT", ""), ("EPERM", "raw socket, IPv6: Operation not permitted")]
)
def test_a_raw_socket_that_cannot_be_had_is_told_once(bed, tmp_path, error, missing):
    "A kernel without IPv6 has none, and needs none."
    source, library = tmp_path / "no_raw.c", tmp_path / "no_raw.so"
    source.write_text(NO_RAW.replace("ERROR", error))
    sh(f"gcc -shared -fPIC -o {library} {source}; chmod -R a+rx {tmp_path}")
    logged = lambda: sh(f"cat {LOGS}/xB.out").count("raw socket, IPv6: cannot be opened")
    before = logged()
    lisp_takes_it = lambda: "iif lisp0 lookup 4342" in sh("ip -n xB rule")
    try:
        again(bed.b, ["sh", "-c", PRELOAD.format(library), "sh"])
        wait_for(lambda: logged() > before)
        # what the plugin looks after every two seconds, twice
        for default, taken in (("10.2.0.10", False), ("192.0.2.1", True)):
            sh(f"ip -n xB route replace default via {default}")
            wait_for(lambda t=taken: lisp_takes_it() == t)
        assert bed.b.client.missing() == missing
        assert logged() == before + 1
    finally:
        sh("ip -n xB route replace default via 192.0.2.1")
        again(bed.b)


HOLD = "import socket, time; s = socket.socket(socket.{0}, socket.SOCK_DGRAM);"
HOLD += 's.bind(("", 4341)); print("ready", flush=True); time.sleep(99)'


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_a_port_that_somebody_has_is_told_and_taken_when_it_is_free(bed, family):
    bed.a.client.apply(ms.instance(remove=True))
    command = ["ip", "netns", "exec", "xA", sys.executable, "-c", HOLD.format(family)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout.readline() == "ready\n"
            bed.a.replay(1)
            bed.b.replay(1)
            wait_for(lambda: "UDP port 4341, IPv" in bed.a.client.missing())
        finally:
            holder.kill()
    wait_for(lambda: bed.a.client.missing() == "")
    wait_for(lambda: bed.ping(count=1, wait=0.3) == 1)
