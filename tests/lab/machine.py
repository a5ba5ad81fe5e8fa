# SPDX-License-Identifier: GPL-2.0-or-later
"""
What of ours is on the machine: to tell whether a lab left anything. Others work there
too: containers, other labs. Ours is what bears this lab's name, or names that we give.
"""

import ctypes
import glob
import os
import re
import subprocess

from lab import paths

# Devices and namespaces of a node that were made outside of it.
NAMES = re.compile(r"lisp\d*|gre\S*|\S+-(eth|s)\d+|[A-Z]+|(br|sw)\d+|vrfprobe")
PLACES = re.compile(r"frr|lisp|topotests|/tmp/cgm-|^/run/netns/[A-Z]+$")


def _output(command):
    done = subprocess.run(
        command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    return done.stdout.decode(errors="replace")


def _labs():
    "Processes of labs and checks: {pid: LISP_LAB_DIR}."
    found = {}
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                values = dict(one.split("=", 1) for one in file.read().split("\0") if "=" in one)
        except OSError:
            continue
        if "LISP_LAB_DIR" in values:
            found[path.split("/")[2]] = values["LISP_LAB_DIR"]
    return found


def _link(path):
    try:
        return os.readlink(path)
    except OSError:
        return None


def _bpf_programs():
    "Ids of loaded BPF programs that have our names."
    libbpf = ctypes.CDLL("libbpf.so.1")
    number = ctypes.c_uint32(0)
    found = set()
    while libbpf.bpf_prog_get_next_id(number, ctypes.byref(number)) == 0:
        descriptor = libbpf.bpf_prog_get_fd_by_id(number)
        if descriptor < 0:
            continue
        # struct bpf_prog_info: the name is 16 octets at 64
        info, length = ctypes.create_string_buffer(256), ctypes.c_uint32(256)
        libbpf.bpf_obj_get_info_by_fd(descriptor, info, ctypes.byref(length))
        os.close(descriptor)
        if info.raw[64:].startswith(b"lisp_"):
            found.add(number.value)
    return found


def machine_state():
    "Namespaces, devices, mounts, BPF programs and pins, processes, files: what is ours."
    labs = _labs()
    ours = [pid for pid, lab in labs.items() if lab == os.environ.get("LISP_LAB_DIR")]
    others = set(labs.values()) - {os.environ.get("LISP_LAB_DIR")}
    devices = [line.split(":")[1].strip() for line in _output("ip -o link").splitlines()]
    namespaces = [line.split()[0] for line in _output("ip netns list").splitlines()]
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        mounts = [line.split()[4] for line in file]
    return {
        "namespaces": set(filter(NAMES.fullmatch, namespaces)),
        "net namespaces in use": {_link(f"/proc/{pid}/ns/net") for pid in ours} - {None},
        "devices": set(filter(NAMES.fullmatch, devices)),
        "mounts": set(filter(PLACES.search, mounts)),
        # Whose they are is not to be seen: another lab's look the same.
        "BPF programs": set() if others else _bpf_programs(),
        "BPF pins": set(filter(PLACES.search, _output("find /sys/fs/bpf -mindepth 1").split())),
        "processes": {f"{pid} {_link(f'/proc/{pid}/exe')}" for pid in ours} - {None},
        "core pattern": set(_output("sysctl -n kernel.core_pattern").split("\n")),
        "folders in /run": set(glob.glob("/run/frr") + glob.glob(f"{paths.RUN}*"))
        - {str(paths.RESULTS)},
        # Of names that we, or the framework, could have given: others write there too.
        "files in /tmp": set(
            _output(
                "ls -d /tmp/frr* /tmp/lisp* /tmp/vm.* /tmp/*.conf /tmp/topotest* /tmp/gearlogdir"
            ).splitlines()
        ),
    }
