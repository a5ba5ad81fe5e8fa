# SPDX-License-Identifier: GPL-2.0-or-later
"""What is on the machine: to tell whether a lab left anything."""

import ctypes
import glob
import subprocess

from lab import paths


def _output(command):
    done = subprocess.run(
        command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    return done.stdout.decode(errors="replace")


def _processes():
    "Daemons of FRR and their company, by pid and name."
    found = set()
    for path in glob.glob("/proc/[0-9]*/comm"):
        try:
            with open(path, encoding="utf-8") as file:
                name = file.read().strip()
        except OSError:
            continue
        if name in (
            "lispd zebra mgmtd bgpd ospfd staticd watchfrr tcpdump tshark dumpcap"
            " iperf3 qemu-system-x86"
        ).split():
            found.add(f"{path.split('/')[2]} {name}")
    return found


def _bpf_programs():
    "Ids of loaded BPF programs."
    libbpf = ctypes.CDLL("libbpf.so.1")
    number = ctypes.c_uint32(0)
    found = set()
    while libbpf.bpf_prog_get_next_id(number, ctypes.byref(number)) == 0:
        found.add(number.value)
    return found


def machine_state():
    "Namespaces, devices, mounts, BPF programs and pins, daemons, files."
    return {
        "namespaces": set(_output("ip netns list").split("\n")) - {""},
        "net namespaces in use": set(_output("lsns -n -t net -o NS").split()),
        "devices": {
            line.split(":")[1].strip() for line in _output("ip -o link").splitlines()
        },
        "mounts": {line.split()[4] for line in open("/proc/self/mountinfo", encoding="utf-8")},
        "BPF programs": _bpf_programs(),
        "BPF pins": set(_output("find /sys/fs/bpf -mindepth 1").split()),
        "processes": _processes(),
        "core pattern": set(_output("sysctl -n kernel.core_pattern").split("\n")),
        "folders in /run": set(glob.glob("/run/frr*") + glob.glob("/run/netns")),
        # Of names that we, or the framework, could have given: others write there too.
        "files in /tmp": set(
            _output(
                "ls -d /tmp/frr* /tmp/lisp* /tmp/vm.* /tmp/*.conf /tmp/topotest* /tmp/gearlogdir"
            ).splitlines()
        )
        - {str(paths.RESULTS)},
    }
