# SPDX-License-Identifier: GPL-2.0-or-later
"""
Private namespaces for a lab, and how to get in and rid of it.

A lab is one PID, mount, network, IPC and UTS namespace with the built FRR laid over
/usr.  Nothing of it exists outside: killing its process 1 removes every namespace,
device, mount and process.
"""

import ctypes
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from lab import paths
from lab.ui import LabError

NAMESPACES = ["--net", "--ipc", "--uts", "--pid", "--mount"]
# lib-glue/enter makes the mounts private; unshare cannot in a chroot.
NAMESPACES += ["--propagation", "unchanged"]
PR_SET_PDEATHSIG = 1


def need_root(what):
    if os.geteuid() != 0:
        raise LabError(f"{what} needs root: sudo ./lab {what}")


def build(*options, quiet=True):
    "Build FRR with lispd (lib-glue/build); quick if nothing changed."
    command = [str(paths.GLUE / "build"), *options]
    if not quiet:
        if subprocess.run(command, check=False).returncode != 0:
            raise LabError("the build failed; see above")
        return
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        raise LabError("the build failed; see above")


def packages(*purposes):
    "Install what lib-glue/deps lists for PURPOSES and the machine lacks."
    wanted = []
    codename = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    purposes += tuple(f"{purpose}@{codename}" for purpose in purposes)
    for line in (paths.GLUE / "deps").read_text(encoding="ascii").splitlines():
        words = line.split()
        if words and words[0] in purposes:
            wanted += words[1:]
    if not shutil.which("dpkg-query"):
        raise LabError("this machine has no dpkg-query: the lab is for Debian 12 and 13")
    have = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Package}\\n"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.splitlines()
    missing = [name for name in wanted if f"ii {name}" not in have]
    if not missing:
        return
    print(f"packages: installing {' '.join(missing)}", flush=True)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing]
    for command in (["apt-get", "-qq", "update"], install):
        done = subprocess.run(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            sys.stderr.write(done.stdout[-2000:])
            raise LabError(f"could not install: {' '.join(missing)}")


def _die_with_parent():
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def destination(options=()):
    "Where the build is installed."
    done = subprocess.run(
        [str(paths.GLUE / "build"), "--print-dest", *options],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip())


def assemble(rundir, options=()):
    "FRR's topotest framework with our topologies in it, in RUNDIR; returns where."
    framework = destination(options).parent / "tree" / "tests" / "topotests"
    target = rundir / "topotests"
    for source, rooms in (
        (framework, ("conftest.py", "pytest.ini", "lib", "munet")),
        (paths.TOPOTESTS, [path.name for path in paths.TOPOTESTS.iterdir()]),
    ):
        for room in rooms:
            if (source / room).is_dir():
                shutil.copytree(source / room, target / room, dirs_exist_ok=True)
            else:
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy(source / room, target / room)
    return target


def topotest_command(suite, rundir, options=()):
    "The command that runs one of our topotests by FRR's framework, inside a sandbox."
    where = assemble(rundir, options)
    pytest = ["/usr/bin/python3", "-P", "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    logs = f"--rundir={rundir / 'logs'}"
    # The daemons have options of their own; vtysh, started a thousand times, is not judged.
    environment = ["env", "-C", str(where), "ASAN_OPTIONS=detect_leaks=0"]
    return [*environment, *pytest, logs, "--color=no", suite]


def command_in_sandbox(command, rundir, options=()):
    "COMMAND wrapped: private namespaces, the built FRR over /usr, a process 1."
    return [
        "unshare",
        *NAMESPACES,
        "--fork",
        "--mount-proc",
        "--kill-child=SIGKILL",
        "--",
        str(paths.GLUE / "enter"),
        *options,
        "--",
        "/usr/bin/python3",
        "-P",
        "-m",
        "lab.init",
        str(rundir / "sysctl"),
        *command,
    ]


def run(command, rundir, options=(), **kwargs):
    "Run COMMAND in a sandbox that ends with it, and with us; its exit status."
    rundir.mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ, LISP_TOPOTESTS=str(assemble(rundir, options)))
    wrapped = command_in_sandbox(command, rundir, options)
    return subprocess.run(
        wrapped, env=environment, preexec_fn=_die_with_parent, check=False, **kwargs
    ).returncode


# --- the lab that stays -------------------------------------------------------


def state():
    "What is running, or None.  {topology, init: host pid, started: boot ticks, nodes}"
    try:
        with open(paths.STATE, encoding="ascii") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return None
    if _birth(found["init"]) != found["started"]:
        return None
    return found


def running():
    "The same, where there has to be one."
    found = state()
    if not found:
        raise LabError("no lab is up: sudo ./lab up alt")
    return found


def _birth(pid):
    "Start time of a process: a pid alone may be somebody else's by now."
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[19]
    except OSError:
        return None


def save(topology, init, nodes):
    paths.RUN.mkdir(parents=True, exist_ok=True)
    part = paths.STATE.with_suffix(".part")
    with open(part, "w", encoding="ascii") as file:
        known = {
            "topology": topology,
            "init": init,
            "started": _birth(init),
            "nodes": nodes,
        }
        json.dump(known, file)
    part.rename(paths.STATE)


def init_of(process):
    "Host pid of the sandbox's process 1: the only child of unshare."
    children = f"/proc/{process.pid}/task/{process.pid}/children"
    while process.poll() is None:
        with open(children, encoding="ascii") as file:
            found = file.read().split()
        if found:
            return int(found[0])
        time.sleep(0.01)
    raise LabError("the sandbox did not start")


def up(topology):
    """
    Start a topology that stays until down(); returns when its hosts can talk, or what
    the mapping system still lacks: {router: [EID-prefix]}.
    """
    found = state()
    if found:
        raise LabError(f"topology {found['topology']} is up already: ./lab down first")
    down()
    paths.RUN.mkdir(parents=True)
    paths.RUN.chmod(0o755)
    log = open(paths.RUN / "lab.log", "w", encoding="utf-8")
    process = subprocess.Popen(
        command_in_sandbox(
            ["/usr/bin/python3", "-P", "-m", "lab.keeper", topology], paths.RUN
        ),
        env=dict(os.environ, LISP_TOPOTESTS=str(assemble(paths.RUN))),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    # Known before it makes anything: down() finds it after any crash.
    init = init_of(process)
    save(topology, init, {})
    ready = paths.RUN / "ready.json"
    while not ready.exists():
        if process.poll() is not None:
            tail = (paths.RUN / "lab.log").read_text(errors="replace").splitlines()
            sys.stderr.write("\n".join(tail[-15:]) + "\n")
            down()
            raise LabError(f"topology {topology} did not come up; its log is above")
        time.sleep(0.05)
    told = json.loads(ready.read_text())
    save(topology, init, told["nodes"])
    return told["lacking"]


# What a lab that is up can take over, and the daemons that have to start anew for it.
# bgpd does not give a new zebra its routes again while its sessions last.
REFRESHED = {"lispd": ["lispd"], "lisp_dplane.so": ["zebra", "bgpd"], "vtysh": []}

RESTART = """
pid=$(cat /var/run/frr/"$0".pid 2>/dev/null) || exit 0
cd "/proc/$pid/cwd"
mapfile -d "" -t command <"/proc/$pid/cmdline"
kill -KILL "$pid"
while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
"${command[@]}"
# What mgmtd does not have comes from the file.
[ "$0" = lispd ] || vtysh -b -d "$0"
"""


def refresh():
    """
    Put what was built since into the running lab and restart the daemons that it is for,
    as after a crash: traffic goes on.  Their names.
    """
    lab = running()
    dest = destination()
    since = paths.STATE.stat().st_mtime
    fresh = [
        path
        for path in (dest / "usr").rglob("*")
        if path.is_file() and path.stat().st_mtime > since
    ]
    others = sorted({path.name for path in fresh} - set(REFRESHED))
    if others:
        raise LabError(f"{' '.join(others)} changed too: ./lab down, then ./lab up")
    for path in fresh:
        inside = Path(f"/proc/{lab['init']}/root") / path.relative_to(dest)
        if not inside.samefile(path):
            part = inside.with_name(inside.name + ".part")
            shutil.copy2(path, part)
            part.rename(inside)
    names = {path.name for path in fresh}
    daemons = [name for file in REFRESHED if file in names for name in REFRESHED[file]]
    for daemon in daemons:
        restarts = [
            subprocess.Popen(
                enter_node(node, ["bash", "-c", RESTART, daemon]),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for node in lab["nodes"]
        ]
        if any([restart.wait() for restart in restarts]):
            raise LabError(f"{daemon} did not start again on every node: ./lab down")
    os.utime(paths.STATE)
    return daemons


def down():
    "End the lab and remove what it wrote; True if there was one."
    found = state()
    if found:
        os.kill(found["init"], signal.SIGKILL)
        while _birth(found["init"]) == found["started"]:
            time.sleep(0.01)
    shutil.rmtree(paths.RUN, ignore_errors=True)
    return found is not None


def enter_node(node, command):
    "The command line that runs COMMAND in a node of the running lab."
    lab = running()
    if node not in lab["nodes"]:
        names = " ".join(lab["nodes"])
        raise LabError(f"no node {node} in {lab['topology']}: {names}")
    into_lab = ["nsenter", "-t", str(lab["init"]), "-m", "-p", "-i", "-u", "-n"]
    into_node = ["nsenter", "-t", str(lab["nodes"][node]), "-m", "-u", "-n"]
    return [*into_lab, "--", *into_node, "--", *command]
