# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab as a person types it: one-line errors, up, nodes, exec, vtysh, down, crashes."""

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import termios
import time

import pytest
from lab import paths, sandbox
from lab.topology import load
from lab.ui import LabError

LAB = str(paths.REPO / "lab")


def lab(*arguments, user=None, timeout=300):
    "Run ./lab; (status, stdout, stderr)."
    done = subprocess.run(
        [LAB, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=timeout,
        user=user,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments,names",
    [
        (("fly",), "demo check build up refresh down"),
        (("up", "nowhere"), "alt"),
        (("up", "./nowhere"), "no folder"),
        (("up", "/etc"), "no topology.py"),
        (("graph", "x.svg", "nowhere"), "alt"),
        (("graph", "x.gif"), ".svg"),
        (("graph", "/nonexistent/x.svg", "alt"), "/nonexistent/x.svg: No such file"),
        (("graph", "/nonexistent/x.dot", "alt"), "/nonexistent/x.dot: No such file"),
        (("exec",), "NODE"),
        (("check", "nonsense"), "no test nonsense: `quick`, -k WORDS"),
        (("nodes",), "./lab up alt"),
        (("refresh",), "./lab up alt"),
        (("vtysh", "xtr1"), "./lab up alt"),
    ],
)
def test_a_mistake_gives_one_line_that_says_what_would_be_right(arguments, names):
    sandbox.down()
    status, out, error = lab(*arguments)
    assert status != 0 and out == ""
    assert len(error.splitlines()) == 1
    assert names in error


@pytest.mark.parametrize("command", ["demo", "check", "up", "down", "vtysh", "graph", "bench"])
def test_help_of_a_command_is_what_the_usage_says_of_it(command):
    status, out, error = lab(command, "--help")
    _, usage, _ = lab("--help")
    assert (status, error) == (0, "")
    assert out.startswith(f"usage: ./lab {command} ")
    assert out.partition("./lab ")[2] in usage and usage != out


def test_packages_on_a_machine_that_is_not_debian_are_one_line(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(LabError, match="dpkg-query"):
        sandbox.packages("lab")


@pytest.mark.parametrize("topology", paths.topologies())
@pytest.mark.parametrize("kind", ["dot", "svg"])
def test_graph_draws_every_node(topology, kind, tmp_path):
    target = tmp_path / f"x.{kind}"
    status, out, error = lab("graph", str(target), topology)
    assert (status, out, error) == (0, "", "")
    drawn = target.read_text()
    for node in load(topology)[0].nodes:
        assert node in drawn


@pytest.fixture(scope="module")
def readable():
    "A copy of the lab where a user without privilege can read it."
    with tempfile.TemporaryDirectory(dir="/tmp") as copy:
        os.chmod(copy, 0o755)
        subprocess.run(
            ["tar", "-C", paths.REPO, "-cf", f"{copy}/t.tar", "lab", "lib-glue"]
            + ["tests/lab", "tests/topotests"],
            check=True,
        )
        subprocess.run(["tar", "-C", copy, "-xf", f"{copy}/t.tar"], check=True)
        # The clone may be one that its owner alone can read.
        subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
        try:
            subprocess.run(["/usr/bin/true"], user="nobody", cwd="/", check=True)
        except PermissionError:
            pytest.skip("nobody but root can run anything here: / is closed to others")
        yield copy


@pytest.mark.parametrize("command", ["demo", "check", "up", "down", "bench"])
def test_without_privilege_it_names_sudo(command, readable):
    done = subprocess.run(
        [f"{readable}/lab", command],
        stderr=subprocess.PIPE,
        text=True,
        user="nobody",
        cwd="/",
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert f"sudo ./lab {command}" in done.stderr


@pytest.fixture(scope="module")
def basic():
    "Topology basic, up."
    sandbox.down()
    status, out, error = lab("up", "basic")
    assert status == 0, error
    # Before anybody else has a packet on its way.
    yield out, lab("exec", "h1", "ping", "-n", "-c", "3", "-W", "5", "10.2.0.10")
    sandbox.down()


def test_hosts_of_a_lab_that_is_up_can_talk_at_once(basic):
    said, (status, out, _) = basic
    assert "./lab exec h1 ping 10.2.0.10" in said
    assert status == 0 and " 0% packet loss" in out, out


def test_nodes_exec_and_vtysh(basic):
    status, out, _ = lab("nodes")
    assert status == 0 and "xtr1" in out and "10.1.0.10" in out
    status, out, _ = lab("exec", "h1", "ip", "-br", "address", "show", "eth0")
    assert status == 0 and "10.1.0.10" in out
    assert lab("exec", "h1", "false")[0] == 1
    status, out, _ = lab("vtysh", "xtr1", "-c", "show running-config")
    assert status == 0 and "router lisp" in out


@pytest.mark.parametrize(
    "arguments,names",
    [
        (("exec", "h9", "true"), "h1 h2"),
        (("vtysh", "h1"), "xtr1 xtr2"),
        (("up", "alt"), "./lab down"),
    ],
)
def test_a_mistake_with_a_running_lab(basic, arguments, names):
    status, _, error = lab(*arguments)
    assert status == 1
    assert len(error.splitlines()) == 1
    assert names in error or all(name in error for name in names.split())


def test_a_running_lab_takes_over_what_was_built_since(basic):
    pid = "cat /var/run/frr/lispd.pid"
    before = lab("exec", "xtr1", "sh", "-c", pid)[1]
    assert lab("refresh")[1].endswith("nothing, none of its programs changed\n")
    assert lab("exec", "xtr1", "sh", "-c", pid)[1] == before
    (sandbox.destination() / "usr" / "lib" / "frr" / "lispd").touch()
    status, out, error = lab("refresh")
    assert status == 0 and out.endswith("restarted: lispd\n"), out + error
    assert lab("exec", "xtr1", "sh", "-c", pid)[1] != before
    # as after any death of lispd: flows go on
    assert lab("exec", "h1", "ping", "-n", "-c", "1", "-W", "5", "10.2.0.10")[0] == 0


def test_ctrl_c_is_the_commands_in_a_node(basic):
    "In vtysh it begins a new line, at a prompt of an own history."
    main, terminal = pty.openpty()
    shell = subprocess.Popen(
        [LAB, "vtysh", "xtr1"],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(terminal)
    said = b""

    def wait_for(text):
        nonlocal said
        while text not in said:
            assert select.select([main], [], [], 60)[0], said
            said += os.read(main, 4096)
        said = said.partition(text)[2]

    wait_for(b"xtr1# ")
    os.write(main, b"\x03")
    wait_for(b"xtr1# ")
    os.write(main, b"show history\n")
    wait_for(b"show history")
    wait_for(b"xtr1# ")
    os.write(main, b"exit\n")
    assert shell.wait(60) == 0
    os.close(main)
    assert lab("exec", "h1", "sh", "-c", "kill -INT $$")[0] != 0


def test_down_takes_everything_with_it(basic):
    init = sandbox.state()["init"]
    assert lab("down")[1] == "the lab is down\n"
    assert not os.path.exists(f"/proc/{init}")
    assert not paths.RUN.exists()
    assert lab("down")[1] == "no lab was up\n"


def test_down_cleans_up_after_a_lab_killed_while_starting():
    starting = subprocess.Popen(
        [LAB, "up", "basic"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    end = time.time() + 60
    while not sandbox.state() and time.time() < end:
        time.sleep(0.05)
    time.sleep(1)
    os.kill(starting.pid, signal.SIGKILL)
    starting.wait()
    assert lab("down")[1] == "the lab is down\n"
    assert not paths.RUN.exists()


@pytest.fixture(name="net", scope="module")
def network_of_the_page(tmp_path_factory):
    "The files of doc/lab.md, in a folder `net`."
    where = tmp_path_factory.mktemp("own")
    page = (paths.REPO / "doc/lab.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"^`(net/\S+)`:\n\n```\w+\n((?:.*\n)*?)```", page, re.M):
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_text(text)
    yield where / "net"
    sandbox.down()


def test_a_network_of_ones_own_with_lans(net):
    sandbox.down()
    status, out, error = lab("up", str(net))
    assert (status, error) == (0, "") and "lacks" not in out, out + error
    for source, target in (("h1a", "10.2.0.10"), ("h1b", "2001:db8:2::10"), ("h1a", "10.1.0.11")):
        status, out, _ = lab("exec", source, "ping", "-n", "-c", "1", "-W", "5", target)
        assert status == 0, out
    assert "2001:db8:1::/64" in lab("vtysh", "ms", "-c", "show lisp site")[1]
    assert "h1b" in lab("nodes")[1]
    picture = net.parent / "net.dot"
    assert lab("graph", str(picture), str(net)) == (0, "", "")
    assert "exchange" in picture.read_text()
    sandbox.down()


@pytest.mark.parametrize(
    "old,new,says",
    [
        ('title="Two', 'title=Two', "topology.py:4: SyntaxError"),
        ("Host.of_site(2)", "Host.of_sight(2)", "topology.py:8: AttributeError"),
        ("TOPOLOGY =", "TOPOLOGIE =", "it makes no TOPOLOGY"),
        ("TOPOLOGY =", "TOPOLOGY = 3\nOTHER =", "it makes no TOPOLOGY"),
        ('"h2", "eth0", "xtr2"', '"h2", "eth0", "xtr3"', "xtr3, which is no host and no router"),
        ('("h1b", "eth0"), ', "", "host h1b has no link"),
        ('("xtr2", "eth1")', '("xtr1", "eth1")', "xtr1 has eth1 in 2 links"),
        ('"ms": ', '"mr": "other", "ms": ', "router mr has no mr/frr.conf"),
        ('"office":', '"h1a":', "h1a is a node and a LAN"),
        ("eth1", "a-very-long-interface", "15 letters"),
    ],
)
def test_a_mistake_in_a_topology_is_one_line(net, tmp_path, old, new, says):
    shutil.copytree(net, tmp_path / "bad")
    text = (net / "topology.py").read_text()
    assert old in text
    (tmp_path / "bad/topology.py").write_text(text.replace(old, new, 1))
    status, out, error = lab("up", str(tmp_path / "bad"))
    assert (status, out) == (1, "") and len(error.splitlines()) == 1
    assert says in error


def test_a_node_is_ready_when_it_has_its_own_namespaces(tmp_path):
    sandbox.build()
    program = str(paths.REPO / "tests/check/slow_nodes.py")
    environment = dict(os.environ, LISP_LAB_DIR=str(tmp_path))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", environment)
        assert sandbox.run(["/usr/bin/python3", program], tmp_path) == 0


@pytest.mark.parametrize("command", [("nodes",), ("build", "--print-dest"), ("up", "basic")])
def test_no_file_of_the_folder_where_one_stands_is_run(command, tmp_path):
    for module in ("json.py", "lab.py", "subprocess.py", "lib.py", "munet.py"):
        (tmp_path / module).write_text(f"open('{tmp_path}/ran', 'w')\n")
    subprocess.run([LAB, *command], cwd=tmp_path, capture_output=True, check=False)
    sandbox.down()
    assert not (tmp_path / "ran").exists()


def test_the_demo_works():
    status, out, error = lab("demo")
    assert status == 0, out + error
    took, promised = re.search(r"It all worked, in (\d+) seconds; (\d+)", out).groups()
    # A machine that does other work too may take its time.
    busy = os.getloadavg()[0] / os.cpu_count()
    assert int(took) < int(promised) * max(1, busy)
