# SPDX-License-Identifier: GPL-2.0-or-later
"""The subcommands of ./lab."""

import os
import re
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from lab import graph, paths, sandbox
from lab.topology import load
from lab.ui import LabError

USAGE = """usage: ./lab COMMAND

  demo                    build, bring up topology alt, tell what happens; exit 0 if all worked
  check [quick|-k WORDS]  build and run every test, a first verdict, or what has the words
  build [OPTION...]       build FRR with lispd (lib-glue/build)
  up [TOPOLOGY]           bring a topology up (default alt) and leave it running: one of ours by its
                          name, one of your own by its folder (doc/lab.md)
  refresh                 build, and restart what changed in the running topology
  down                    take it away, with everything it made
  nodes                   the nodes of the running topology
  exec NODE COMMAND...    run a command in a node
  vtysh NODE [-c CMD]     FRR's shell on a node
  graph FILE [TOPOLOGY]   draw a topology: .svg, .png, .pdf or .dot
  bench                   measure forwarding and the Map-Server, print ratios
"""


def demo(arguments):
    "Build and tell the story."
    expect(arguments, 0, "demo")
    sandbox.need_root("demo")
    sandbox.packages("lab")
    sandbox.build(quiet=False)
    return run_by_itself("demo", "lab.demo")


def check(arguments):
    "Every test."
    sandbox.need_root("check")
    from lab import check as checks

    return checks.main(arguments)


def build(arguments):
    "lib-glue/build, with its own options."
    os.execv(paths.GLUE / "build", [str(paths.GLUE / "build"), *arguments])


def up(arguments):
    "Bring a topology up."
    name = arguments[0] if arguments else "alt"
    expect(arguments, 1, "up [TOPOLOGY]", at_most=True)
    topology, where = load(name)
    if name not in paths.topologies():
        name = str(where)
    sandbox.need_root(f"up {name}")
    sandbox.packages("lab")
    sandbox.build()
    lacking = sandbox.up(name)
    print(f"{name} is up: {' '.join(topology.nodes)}")
    for node, what in lacking.items():
        print(f"but {node} still lacks {' '.join(what)}: ./lab vtysh {node}")
    hints = [f"./lab vtysh {next(iter(topology.routers))}", "./lab down"]
    if len(topology.hosts) > 1:
        one, other = list(topology.hosts)[:2]
        hints.insert(1, f"./lab exec {one} ping {topology.hosts[other].address(4)}")
    print(f"try: {'    '.join(hints)}")
    return 0


def refresh(arguments):
    "Build, and let the running lab have it."
    expect(arguments, 0, "refresh")
    sandbox.need_root("refresh")
    sandbox.running()
    sandbox.build(quiet=False)
    restarted = sandbox.refresh()
    print(f"restarted: {' '.join(restarted) or 'nothing, none of its programs changed'}")
    return 0


def down(arguments):
    "Take the lab away."
    expect(arguments, 0, "down")
    sandbox.need_root("down")
    print("the lab is down" if sandbox.down() else "no lab was up")
    return 0


def nodes(arguments):
    "List the nodes."
    expect(arguments, 0, "nodes")
    running = sandbox.running()
    topology, _ = load(running["topology"])
    for name in running["nodes"]:
        host = topology.hosts.get(name)
        what = (
            f"host, {host.address(4)}, {host.address(6)}"
            if host
            else topology.routers[name].replace("\n", ", ")
        )
        print(f"{name:8} {what}")
    return 0


def enter(node, command):
    "Become COMMAND in a node. Ctrl-C is the command's, not nsenter's, which waits for it."
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    command = sandbox.enter_node(node, ["env", "--default-signal=INT", *command])
    os.execvp(command[0], command)


def execute(arguments):
    "Run a command in a node."
    if len(arguments) < 2:
        raise LabError("usage: ./lab exec NODE COMMAND...")
    sandbox.need_root(f"exec {' '.join(arguments)}")
    enter(arguments[0], arguments[1:])


def vtysh(arguments):
    "FRR's shell on a node."
    if not arguments:
        raise LabError("usage: ./lab vtysh NODE [-c COMMAND]")
    sandbox.need_root(f"vtysh {' '.join(arguments)}")
    node = arguments[0]
    running = sandbox.state()
    if running:
        topology, _ = load(running["topology"])
        if node in topology.hosts:
            routers = " ".join(topology.routers)
            raise LabError(f"{node} is a host and runs no FRR; routers: {routers}")
    # Each router of each lab has a history of its own, that goes with it.
    enter(node, ["env", "VTYSH_HISTFILE=/var/run/frr/history", "vtysh", *arguments[1:]])


def draw(arguments):
    "Draw a topology."
    if len(arguments) not in (1, 2):
        raise LabError("usage: ./lab graph FILE.svg [TOPOLOGY]")
    running = sandbox.state()
    default = running["topology"] if running else "alt"
    graph.write(arguments[1] if len(arguments) == 2 else default, arguments[0])
    return 0


def bench(arguments):
    "Measure."
    sandbox.need_root("bench")
    sandbox.packages("lab", "check")
    sandbox.build()
    return run_by_itself("bench", "bench", *arguments)


def run_by_itself(name, module, *arguments):
    "Run a module in a sandbox with a directory of its own, which stays only if it fails."
    rundir = Path(tempfile.mkdtemp(prefix=f"frr-lisp-{name}.", dir="/run"))
    rundir.chmod(0o755)
    os.environ["LISP_LAB_DIR"] = str(rundir)
    status = 0
    try:
        status = sandbox.run(["/usr/bin/python3", "-P", "-m", module, *arguments], rundir)
    finally:
        if status == 0:
            shutil.rmtree(rundir, ignore_errors=True)
        else:
            print(f"logs and captures: {rundir}")
    return status


def expect(arguments, count, usage, at_most=False):
    "Refuse words nobody asked for."
    if len(arguments) > count or (not at_most and len(arguments) != count):
        raise LabError(f"usage: ./lab {usage}")


COMMANDS = {
    "demo": demo,
    "check": check,
    "build": build,
    "up": up,
    "refresh": refresh,
    "down": down,
    "nodes": nodes,
    "exec": execute,
    "vtysh": vtysh,
    "graph": draw,
    "bench": bench,
}


def help_of(name):
    "What the usage says of a command."
    return "usage: ./lab" + re.search(rf"(?m)^ ( {name}\b.*\n(?:  {{8,}}.*\n)*)", USAGE)[1]


def main():
    "Dispatch; errors of the user's are one line."
    if len(sys.argv) < 2 or sys.argv[1] in ("help", "-h", "--help"):
        print(USAGE, end="")
        return 0 if len(sys.argv) > 1 else 2
    command = COMMANDS.get(sys.argv[1])
    try:
        if not command:
            raise LabError(f"no command {sys.argv[1]}: {' '.join(COMMANDS)}")
        if sys.argv[2:3] in (["-h"], ["--help"]) and command is not build:
            print(help_of(sys.argv[1]), end="")
            return 0
        return command(sys.argv[2:])
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
