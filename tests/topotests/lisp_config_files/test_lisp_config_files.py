#!/usr/bin/env python
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Configuration survives people: a line that does not hold costs only itself, whatever way it
comes; vtysh sessions side by side do not disturb each other; a changed value is changed in
place; blocks that are unknown keep their lines to themselves.
"""

import glob
import json
import os
import re
import subprocess

import pytest
from lib.lisp import configure, eventually, kill, lab_fixture, restart_at_once, vtysh, vtysh_json
from lisp_config.topology import TOPOLOGY

pytestmark = [pytest.mark.lispd]

HERE = os.path.dirname(os.path.realpath(__file__))
tgen = lab_fixture(TOPOLOGY, __file__, os.path.join(HERE, "..", "lisp_config"))


def running(node):
    return vtysh(node, "show running-config")


def shown(node):
    "Lines of `router lisp` in the running configuration."
    block = re.search(r"^router lisp\n(.*\n)*?exit\n", running(node), re.MULTILINE)
    return block.group(0).splitlines() if block else []


def load(node, text, *command):
    "Load a file, as `vtysh -f` does unless another command is given: status, what was said."
    node.cmd_raises("cat > /tmp/load.conf", stdin=text)
    status, out, error = node.cmd_status(
        command or ["vtysh", "-f", "/tmp/load.conf"], warn=False
    )
    return status, out + error


@pytest.fixture(name="r1")
def empty(tgen):
    "The router without LISP and static routes, before and after."
    r1 = tgen.net["r1"]
    undo = ["no router lisp", "no ip prefix-list PL", "no ip route 10.55.0.0/16 Null0"]
    undo += ["no ip route 10.56.0.0/16 Null0", "interface eth0", "no description"]
    configure(r1, *undo)
    yield r1
    configure(r1, *undo)


# Lines of people.conf that do not hold, with those of the block that goes with one
REFUSED = [4, 10, 13, 20, 21, 25, 33, 34, 42]
LOST = REFUSED + [14, 15]


def people():
    with open(os.path.join(HERE, "r1", "people.conf"), encoding="ascii") as file:
        return file.read().partition("\n")[2]  # without its licence


def kept_of_people():
    lines = people().splitlines()
    return [line for number, line in enumerate(lines, 1) if number not in LOST]


@pytest.mark.parametrize("way", ["boot", "file", "copy"])
def test_a_line_that_does_not_hold_costs_only_itself(r1, way):
    name = "/tmp/load.conf"
    if way == "boot":
        name = "/etc/frr/frr.conf"
        r1.cmd_raises("cat > " + name, stdin=people())
        kill(r1, "lispd")
        status, said = load(r1, "", "vtysh", "-b")
        r1.startRouterDaemons(["lispd"])
    elif way == "file":
        status, said = load(r1, people())
    else:
        status, said = load(r1, people(), "vtysh", "-c", f"copy {name} running-config")
    assert status != 0
    refused = re.findall(r"^(\S+) line (\d+): % Refused", said, re.MULTILINE)
    assert refused == [(name, str(number)) for number in REFUSED]
    assert "belongs to site A and to site B" in said
    assert "queue" not in said and "topsecret" not in said

    lines = [line for line in running(r1).splitlines() if "authentication-key" not in line]
    for line in kept_of_people():
        assert line in lines or "authentication-key" in line, line
    for line in (people().splitlines()[number - 1] for number in LOST):
        assert line in kept_of_people() or line not in lines, line

    def sites():
        return {
            (one["site"], one["eid"]) for one in vtysh_json(r1, "show lisp site json")["mappings"]
        }

    kept = {("A", "10.61.0.0/16"), ("B", "10.62.0.0/16"), ("C", "10.60.0.0/16")}
    assert eventually(sites, kept, 15) == kept


def test_a_file_that_holds_is_one_transaction(r1):
    "Each of the two lines holds with the other only."
    text = "router lisp\n dataplane queue-total 10\n dataplane queue-per-eid 5\nexit\n"
    status, said = load(r1, text)
    assert status == 0 and "Refused" not in said
    assert sorted(shown(r1)) == sorted(text.splitlines())


def test_a_refusal_by_one_daemon_is_not_the_end_of_mgmtd(r1):
    mgmtd = r1.cmd_raises("cat /var/run/frr/mgmtd.pid")
    text = "ip prefix-list PL seq 5 permit 10.0.0.0/8 ge 4\n"
    text += "ip route 10.55.0.0/16 Null0\nrouter lisp\n map-cache 10.9.0.0/16 drop\nexit\n"
    for _ in range(20):
        configure(r1, "no router lisp", "no ip route 10.55.0.0/16 Null0")
        status, said = load(r1, text)
        assert status != 0 and "line 1: % Refused" in said
        assert " map-cache 10.9.0.0/16 drop" in shown(r1)
    assert r1.cmd_raises("kill -0 " + mgmtd) == ""


def test_what_is_refused_by_itself_is_not_taken_by_the_next_commit(r1):
    "The candidate of a refused line is not left for others."
    configure(r1, "router lisp", "site A", "eid-prefix 10.61.0.0/16")
    assert "belongs to site A" in configure(r1, "router lisp", "site B", "eid-prefix 10.61.0.0/16")
    load(r1, "router lisp\n site B\n  eid-prefix 10.61.0.0/16\n")
    assert configure(r1, "router lisp", "map-cache 10.9.0.0/16 drop") == ""
    assert shown(r1) == [
        "router lisp",
        " map-cache 10.9.0.0/16 drop",
        " site A",
        "  eid-prefix 10.61.0.0/16",
        " exit",
        " site B",
        " exit",
        "exit",
    ]


def sites(number):
    text = "router lisp\n"
    for one in range(number):
        text += f" site N{one}\n  authentication-key key-name a\n"
        text += f"  eid-prefix 10.{200 + one // 256}.{one % 256}.0/24\n exit\n"
    return text + "exit\n"


@pytest.mark.parametrize("meanwhile", ["show version", "show running-config"])
def test_other_vtysh_do_not_disturb_one_that_loads(r1, meanwhile):
    number = 300
    script = f"""
        while [ ! -e /tmp/loaded ]; do vtysh -c "{meanwhile}"; done >/dev/null 2>&1 &
        vtysh -f /tmp/load.conf; status=$?
        touch /tmp/loaded; wait; rm /tmp/loaded; exit $status"""
    status, _ = load(r1, sites(number), "bash", "-c", script)
    have = [line for line in shown(r1) if line.startswith(" site N")]
    assert (status, len(have)) == (0, number)


def test_vtysh_side_by_side_wait_for_each_other(r1):
    number = 20
    script = f"""
        for i in $(seq {number}); do
            (vtysh -c "conf t" -c "router lisp" -c "locator-set P$i" \
                 -c "192.0.2.10 priority 1 weight 1" -c exit \
                 -c "database-mapping 10.$((100 + i)).0.0/16 locator-set P$i" >/tmp/said.$i
             echo $? >/tmp/status.$i) &
        done; wait"""
    r1.cmd_raises(["bash", "-c", script])
    lines = shown(r1)
    for one in range(1, number + 1):
        assert r1.cmd_raises(f"cat /tmp/status.{one} /tmp/said.{one}") == "0\n"
        assert f" locator-set P{one}" in lines
        assert f" database-mapping 10.{100 + one}.0.0/16 locator-set P{one}" in lines


def test_a_line_that_waited_for_the_lock_in_vain_says_so(r1):
    script = """
        rm -f /tmp/typed; mkfifo /tmp/typed
        vtysh </tmp/typed >/tmp/locker & exec 3>/tmp/typed
        echo "configure terminal file-lock" >&3
        until vtysh -c "show mgmt frontend-adapter all" | grep -qw candidate; do :; done
        vtysh -c "configure terminal" -c "router lisp" -c "ipv4 itr"; echo "status $?"
        exec 3>&-; wait"""
    status, said = load(r1, "", "bash", "-c", script)
    assert status == 0 and shown(r1) == []
    assert said.startswith("% Not taken: another session has locked the configuration\n")
    assert said.endswith("status 1\n")
    assert configure(r1, "router lisp", "ipv4 itr") == ""


CISCO = """\
router lisp
 locator-set RL
  192.0.2.10 priority 1 weight 100
 {exit}
 dynamic-eid ROAM
  database-mapping 10.1.0.0/24 locator-set RL
  map-notify-group 239.0.0.1
  inner
   map-cache 10.9.0.0/16 drop
  {exit}
 {exit}
 site a/b
  eid-prefix 10.3.0.0/16
 {exit}
 ipv4 itr map-resolver 192.0.2.50
 ipv4 itr
{exit}
feature something
 router lisp
  ipv6 itr
 {exit}
exit
ip route 10.55.0.0/16 Null0
"""


@pytest.mark.parametrize("form", ["frr", "cisco"])
def test_lines_of_a_block_that_is_refused_are_not_taken_elsewhere(r1, form):
    text = CISCO.format(exit="exit" if form == "frr" else " exit")
    if form == "cisco":
        text = text.replace("\n exit\nfeature", "\nfeature")
    status, said = load(r1, text)
    assert status != 0 and "line 5: % Unknown command" in said
    assert shown(r1) == [
        "router lisp",
        " locator-set RL",
        "  192.0.2.10 priority 1 weight 100",
        " exit",
        " ipv4 itr",
        " ipv4 itr map-resolver 192.0.2.50",
        "exit",
    ]
    assert "\nip route 10.55.0.0/16 Null0\n" in running(r1)


def test_frr_reload_changes_a_value_in_place(r1):
    text = """router lisp
 locator-set RL
  192.0.2.10 priority 1 weight 100
  192.0.2.11 priority 2 weight 100
 exit
 database-mapping 10.1.0.0/24 locator-set RL
 map-cache 10.9.0.0/16 drop
 site A
  description before
  eid-prefix 10.61.0.0/16
 exit
exit
"""
    load(r1, text)
    whole = running(r1)
    whole = whole[whole.index("!\n") :].replace(text, "LISP\n")
    text = text.replace("priority 1 weight 100", "priority 3 weight 50")
    text = text.replace("description before", "description after")
    text = text.replace("10.9.0.0/16 drop", "10.9.0.0/16 natively-forward")
    r1.cmd_raises("cat > /tmp/reload.conf", stdin=whole.replace("LISP\n", text))
    r1.cmd_raises("touch /tmp/before")
    r1.cmd_raises("/usr/bin/python3 /usr/lib/frr/frr-reload.py --reload /tmp/reload.conf")
    assert shown(r1) == text.splitlines()

    new = "find /var/lib/frr -name 'commit-*.json' -newer /tmp/before"
    commits = r1.cmd_raises(new).split()
    assert commits
    for commit in commits:
        lisp = json.loads(r1.cmd_raises(f"cat {commit}"))["frr-lispd:lisp"]
        locators = lisp["locator-sets"]["locator-set"][0]["locator"]
        assert [one["address"] for one in locators] == ["192.0.2.10", "192.0.2.11"]
        assert lisp["instances"]["instance"][0]["map-cache"]["static-mapping"]
        assert lisp["sites"]["site"][0]["description"]


def configurations():
    "Each file with a `router lisp`, of the networks and of the guide, in both forms."
    tests = os.path.dirname(HERE)
    names = sorted(glob.glob("lisp_*/*/*.conf", root_dir=tests))
    for name in names:
        with open(os.path.join(tests, name), encoding="ascii") as file:
            found = re.search(r"^router lisp.*\n(?:[ !].*\n)+(?:exit\n)?", file.read(), re.M)
        if found and "people.conf" not in name:
            yield pytest.param(found.group(0), id=name.removesuffix("/frr.conf"))


def tree(node):
    "What mgmtd has of `router lisp`."
    text = vtysh(node, "show mgmt get-data /frr-lispd:lisp datastore running only-config")
    return json.loads(text[: text.rindex("}") + 1])


def frr_reload(node, option, lisp):
    "Let frr-reload compare with, or reload, what runs with another `router lisp`."
    whole = running(node)
    whole = whole[whole.index("!\n") :]
    whole = re.sub(r"^router lisp\n(.*\n)*?exit\n", "", whole, flags=re.MULTILINE)
    node.cmd_raises("cat > /tmp/reload.conf", stdin=whole.replace("\nend\n", "\n" + lisp))
    return node.cmd_raises(f"/usr/bin/python3 /usr/lib/frr/frr-reload.py {option} /tmp/reload.conf")


@pytest.mark.parametrize("lisp", configurations())
def test_a_configuration_that_is_shown_loads_to_the_same(r1, lisp):
    status, said = load(r1, lisp)
    assert status == 0 and "Refused" not in said, said
    loaded, lines = tree(r1), shown(r1)
    assert len(lines) > 2
    configure(r1, "no router lisp")
    status, said = load(r1, "\n".join(lines) + "\n")
    assert status == 0 and "%" not in said, said
    assert (tree(r1), shown(r1)) == (loaded, lines)


@pytest.mark.parametrize("lisp", configurations())
def test_frr_reload_of_a_file_that_runs_has_nothing_to_do(r1, lisp):
    assert "Lines To Add" in frr_reload(r1, "--test", lisp)
    frr_reload(r1, "--reload", lisp)
    reloaded = tree(r1)
    assert "Lines To" not in frr_reload(r1, "--test", lisp)
    configure(r1, "no router lisp")
    load(r1, lisp)
    assert tree(r1) == reloaded
    assert "Lines To" not in frr_reload(r1, "--test", lisp)


def test_frr_reload_names_a_line_that_is_refused(r1):
    load(r1, "router lisp\n map-cache 10.9.0.0/16 drop\nexit\n")
    before = tree(r1)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        frr_reload(r1, "--reload", "router lisp\n locator-set a'b\n exit\nexit\n")
    assert "A name has no quote" in failed.value.output
    assert tree(r1) == before


@pytest.mark.parametrize("rest", ["", " bogus"])
def test_frr_reload_keeps_no_key_in_its_log(r1, rest):
    lisp = f"router lisp\n ipv4 etr map-server 192.0.2.77 key 0 topsecret{rest}\n"
    lisp += " site A\n  authentication-key topsecret\n exit\nexit\n"
    r1.cmd_raises("rm -f /var/log/frr/frr-reload.log")
    whole = running(r1)
    r1.cmd_raises(
        "cat > /tmp/reload.conf", stdin=whole[whole.index("!\n") :].replace("\nend\n", "\n" + lisp)
    )
    command = "/usr/bin/python3 /usr/lib/frr/frr-reload.py --reload --debug /tmp/reload.conf"
    status, out, error = r1.cmd_status(command, warn=False)
    log = r1.cmd_raises("cat /var/log/frr/frr-reload.log")
    assert bool(status) == bool(rest) and "ipv4 etr map-server 192.0.2.77 key ..." in log
    assert "topsecret" not in out + error + log
    assert not re.search("key 7|[0-9A-F]{20}", log)


def test_vtysh_that_marks_a_file_prints_no_key_of_a_wrong_line(r1):
    for line in ("ipv4 etr map-server 192.0.2.77 key 0 topsecret bogus", "ipv4 etrr topsecret"):
        text = f"router lisp\n {line}\n"
        status, said = load(r1, text, "vtysh", "-m", "-f", "/tmp/load.conf")
        assert status and "Unknown command" in said and "topsecret" not in said


def test_show_running_config_of_lispd_has_router_lisp(r1):
    load(r1, "router lisp\n map-cache 10.9.0.0/16 drop\nexit\nip route 10.55.0.0/16 Null0\n")
    configure(r1, "debug lisp rloc")
    said = vtysh(r1, "show running-config lispd")
    configure(r1, "no debug lisp rloc")
    assert "\nrouter lisp\n map-cache 10.9.0.0/16 drop\nexit\n" in said
    assert "\ndebug lisp rloc\n" in said and "ip route" not in said


def test_write_after_mgmtd_alone_was_restarted_is_refused(r1):
    load(r1, "router lisp\n map-cache 10.9.0.0/16 drop\nexit\n")
    assert "[OK]" in vtysh(r1, "write")
    restart_at_once(r1, "mgmtd")
    empty = lambda: vtysh(r1, "show mgmt commands running /frr-lispd:lisp") == ""
    assert eventually(empty, True, 10)
    status, said = load(r1, "", "vtysh", "-c", "write")
    assert status != 0 and "nothing is written" in said
    assert " map-cache 10.9.0.0/16 drop" in r1.cmd_raises("cat /etc/frr/frr.conf")
    assert load(r1, "", "vtysh", "-b")[0] == 0
    assert " map-cache 10.9.0.0/16 drop" in shown(r1)
    assert "[OK]" in vtysh(r1, "write")
