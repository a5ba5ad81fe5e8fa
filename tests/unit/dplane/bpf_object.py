# SPDX-License-Identifier: GPL-2.0-or-later
"""The fast path's BPF object under BPF_PROG_TEST_RUN, by way of libbpf."""

import ctypes
import os
import struct
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "..", "..", "..", "dplane", "bpf", "lisp.bpf.c")

TC_ACT_OK = 0
TC_ACT_SHOT = 2
TC_ACT_REDIRECT = 7

# enum lisp_bpf_counter
COUNTERS = (
    "encap-4 encap-6 decap-4 decap-6 punt no-source-eid itr-disabled "
    "no-locator-up no-action policy-denied auth-failure bad-packet bad-header "
    "encrypted no-instance etr-disabled bad-inner no-local-eid ecn"
).split()

ACTION_ENCAP = 16


class TestRunOpts(ctypes.Structure):
    """struct bpf_test_run_opts of libbpf 1.x."""

    _fields_ = [
        ("sz", ctypes.c_size_t),
        ("data_in", ctypes.c_void_p),
        ("data_out", ctypes.c_void_p),
        ("data_size_in", ctypes.c_uint32),
        ("data_size_out", ctypes.c_uint32),
        ("ctx_in", ctypes.c_void_p),
        ("ctx_out", ctypes.c_void_p),
        ("ctx_size_in", ctypes.c_uint32),
        ("ctx_size_out", ctypes.c_uint32),
        ("retval", ctypes.c_uint32),
        ("repeat", ctypes.c_int),
        ("duration", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("cpu", ctypes.c_uint32),
        ("batch_size", ctypes.c_uint32),
    ]


def compile_object(directory):
    path = os.path.join(str(directory), "lisp.bpf.o")
    multiarch = subprocess.run(
        ["gcc", "-print-multiarch"], check=True, capture_output=True, text=True
    ).stdout.strip()
    subprocess.run(
        ["clang", "-O2", "-g", "-Wall", "-Werror", "-target", "bpf", "-mcpu=v3"]
        + ["-I/usr/include/" + multiarch, "-c", SOURCE, "-o", path],
        check=True,
    )
    return path


def possible_cpus():
    with open("/sys/devices/system/cpu/possible", encoding="ascii") as file:
        return int(file.read().strip().split("-")[-1]) + 1


def packed(address):
    """An address as the maps have it: 16 octets, IPv4 first."""
    return address + bytes(16 - len(address))


def family(address):
    return 4 if len(address) == 4 else 6


class Object:
    """The loaded object, with the maps' keys and values in python's words."""

    def __init__(self, path):
        self.lib = ctypes.CDLL("libbpf.so.1", use_errno=True)
        for name in (
            "bpf_object__open_file",
            "bpf_object__find_map_by_name",
            "bpf_object__find_program_by_name",
            "bpf_map__initial_value",
        ):
            getattr(self.lib, name).restype = ctypes.c_void_p
        self.object = ctypes.c_void_p(
            self.lib.bpf_object__open_file(path.encode(), None)
        )
        assert self.object.value, "open " + path
        for name in ("lisp_set", "lisp_locator", "lisp_remote_rloc"):
            self._size(name, 1024)
        self._size("lisp_loc_count", 1024)
        self._size("lisp_map_count", 1024)
        size = ctypes.c_size_t()
        rodata = self.lib.bpf_map__initial_value(
            self._map(".rodata"), ctypes.byref(size)
        )
        # BPF_PROG_TEST_RUN has an Ethernet header, the lisp device has not
        ctypes.memmove(rodata, struct.pack("=I", 14), 4)
        error = self.lib.bpf_object__load(self.object)
        assert error == 0, os.strerror(-error)
        self.cpus = possible_cpus()

    def close(self):
        self.lib.bpf_object__close(self.object)

    def _map(self, name):
        handle = self.lib.bpf_object__find_map_by_name(self.object, name.encode())
        assert handle, name
        return ctypes.c_void_p(handle)

    def _size(self, name, entries):
        assert self.lib.bpf_map__set_max_entries(self._map(name), entries) == 0

    def _fd(self, name):
        return self.lib.bpf_map__fd(self._map(name))

    def write(self, name, key, value):
        error = self.lib.bpf_map_update_elem(
            self._fd(name), key, value, ctypes.c_uint64(0)
        )
        assert error == 0, os.strerror(-error)

    def read(self, name, index, size):
        """The per-CPU values of one element of a per-CPU array."""
        value = ctypes.create_string_buffer(size * self.cpus)
        error = self.lib.bpf_map_lookup_elem(
            self._fd(name), struct.pack("=I", index), value
        )
        assert error == 0, os.strerror(-error)
        return [value.raw[i * size : (i + 1) * size] for i in range(self.cpus)]

    # ---- the objects of the mapping socket ----

    def instance(self, iid=0, ifindex=1, flags=0xF, underlay=1):
        value = struct.pack("=IIII", iid, ifindex, flags, underlay)
        self.write("lisp_by_device", struct.pack("=I", ifindex), value)
        self.write("lisp_by_iid", struct.pack("=I", iid), value)

    @staticmethod
    def eid_key(prefix, length, iid=0):
        return struct.pack(
            "=I4s16s",
            32 + length,
            struct.pack(">I", iid << 8 | family(prefix)),
            packed(prefix),
        )

    def local_eid(self, prefix, length, iid=0):
        self.write(
            "lisp_local_eid", self.eid_key(prefix, length, iid), struct.pack("=I", 1)
        )

    def mapping(self, prefix, length, number=1, action=ACTION_ENCAP, rloc_set=1, iid=0):
        self.write(
            "lisp_map_cache",
            self.eid_key(prefix, length, iid),
            struct.pack("=III", rloc_set, number, action),
        )

    def locator(self, number, address, source, up=True, mtu=1500, ifindex=1, slow=0, doubtful=0):
        self.write(
            "lisp_locator",
            struct.pack("=I", number),
            struct.pack(
                "=IHBB16s16sBB2x",
                ifindex,
                mtu,
                family(address),
                up,
                packed(address),
                packed(source),
                slow,
                doubtful,
            ),
        )
        self.write(
            "lisp_remote_rloc",
            struct.pack("=16sI", packed(address), family(address)),
            struct.pack("=I", number),
        )

    def local_rloc(self, address, slow=0):
        self.write(
            "lisp_local_rloc",
            struct.pack("=16sI", packed(address), family(address)),
            struct.pack("=I", slow),
        )

    def rloc_set(self, number, members, buckets):
        """members: (locator, rank, weight), sorted by rank."""
        value = struct.pack("=I", len(members))
        for locator, rank, weight in members:
            value += struct.pack("=IBBH", locator, rank, weight, 0)
        value += bytes(8 * (32 - len(members)))
        self.write("lisp_set", struct.pack("=I", number), value + bytes(buckets))

    def _element(self, name, index, size):
        value = ctypes.create_string_buffer(size)
        key = struct.pack("=I", index)
        assert self.lib.bpf_map_lookup_elem(self._fd(name), key, value) == 0
        return value.raw

    def senders(self):
        """{(address, instance-id, version of the EIDs)} of struct lisp_bpf_sender."""
        found = set()
        for index in range(8192):
            fields = struct.unpack("=16sIIQIBB2x", self._element("lisp_sender", index, 40))
            address, outer, iid, seen, _, version, _ = fields
            if seen:
                found.add((address[: 4 if outer == 4 else 16], iid, version))
        return found

    def forget_senders(self):
        for index in range(8192):
            self.write("lisp_sender", struct.pack("=I", index), bytes(40))

    def forget_strays(self):
        for index in range(1024):
            self.write("lisp_stray", struct.pack("=I", index), bytes(8))

    def count(self, name):
        values = self.read("lisp_count", COUNTERS.index(name), 16)
        return sum(struct.unpack("=QQ", value)[0] for value in values)

    def counts(self):
        return {name: self.count(name) for name in COUNTERS if self.count(name)}

    # ---- running ----

    def run(self, program, packet, repeat=1):
        """The packet (from its IP header on) -> verdict, packet afterwards."""
        ethertype = 0x0800 if packet[0] >> 4 == 4 else 0x86DD
        frame = bytes(12) + struct.pack(">H", ethertype) + packet
        out = ctypes.create_string_buffer(len(frame) + 256)
        given = ctypes.create_string_buffer(frame, len(frame))
        opts = TestRunOpts(sz=ctypes.sizeof(TestRunOpts))
        opts.data_in = ctypes.cast(given, ctypes.c_void_p)
        opts.data_out = ctypes.cast(out, ctypes.c_void_p)
        opts.data_size_in = len(frame)
        opts.data_size_out = len(out)
        opts.repeat = repeat
        handle = self.lib.bpf_object__find_program_by_name(
            self.object, program.encode()
        )
        fd = self.lib.bpf_program__fd(ctypes.c_void_p(handle))
        error = self.lib.bpf_prog_test_run_opts(fd, ctypes.byref(opts))
        assert error == 0, os.strerror(-error)
        self.duration = opts.duration
        return opts.retval, out.raw[14 : opts.data_size_out]
