# SPDX-License-Identifier: GPL-2.0-or-later
"""lispd's side of the mapping socket (dplane/lisp_dp.proto), by hand."""

import fcntl
import ipaddress
import os
import select
import socket
import struct
import termios
import time

SLOW = int(os.environ.get("LISP_SLOW", "1"))  # an emulated machine says 10

# numbers of the fields in Op
INSTANCE, LOCAL_EID, LOCAL_RLOC, LOCATOR, SET, MAPPING, TUNNEL, END = range(2, 10)
ALT, UNDERLAY = 10, 11

NATIVELY_FORWARD, SEND_MAP_REQUEST, DROP, POLICY_DENIED, ENCAP = 1, 2, 3, 4, 16


def varint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def encode(*fields):
    """Fields are (number, value); a value is an int, octets or text."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(int(value))
            continue
        if isinstance(value, str):
            value = value.encode()
        out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def decode(data):
    """Number to the list of its values."""
    fields, at = {}, 0

    def number():
        nonlocal at
        value, shift = 0, 0
        while True:
            octet = data[at]
            at += 1
            value |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                return value

    while at < len(data):
        key = number()
        if key & 7 == 0:
            value = number()
        else:
            length = number()
            value = data[at : at + length]
            at += length
        fields.setdefault(key >> 3, []).append(value)
    return fields


def octets(address):
    return ipaddress.ip_address(address).packed


def prefix(text):
    network = ipaddress.ip_network(text)
    return encode((1, network.network_address.packed), (2, network.prefixlen))


def op(kind, *fields, remove=False):
    return encode((1, int(remove)), (kind, encode(*fields)))


def instance(
    iid=0,
    vrf="",
    itr4=1,
    itr6=1,
    etr4=1,
    etr6=1,
    per_eid=16,
    total=128,
    hold=3000,
    **kwargs,
):
    fields = [(1, iid), (2, vrf), (3, itr4), (4, itr6), (5, etr4), (6, etr6)]
    fields += [(7, per_eid), (8, total), (9, hold)]
    return op(INSTANCE, *fields, **kwargs)


def underlay(vrf, **kwargs):
    return op(UNDERLAY, (1, vrf), **kwargs)


def local_eid(eid, iid=0, **kwargs):
    return op(LOCAL_EID, (1, iid), (2, prefix(eid)), **kwargs)


def local_rloc(address, ifindex, **kwargs):
    return op(LOCAL_RLOC, (1, octets(address)), (2, ifindex), **kwargs)


def locator(number, address, source, ifindex, mtu=0, up=True, doubtful=False, **kwargs):
    fields = [(1, number), (2, octets(address)), (3, octets(source))]
    fields += [(4, ifindex), (5, mtu), (6, int(up)), (7, int(doubtful))]
    return op(LOCATOR, *fields, **kwargs)


def rloc_set(number, *members, **kwargs):
    """members: (locator, priority, weight)"""
    encoded = [(2, encode((1, a), (2, b), (3, c))) for a, b, c in members]
    return op(SET, (1, number), *encoded, **kwargs)


def mapping(eid, number, rloc_set_number=0, action=ENCAP, iid=0, **kwargs):
    fields = [(1, iid), (2, prefix(eid)), (3, number), (4, action)]
    return op(MAPPING, *fields, (5, rloc_set_number), **kwargs)


def tunnel(name, source, destination, vrf="", key=None, **kwargs):
    fields = [(1, name), (2, vrf), (3, octets(source)), (4, octets(destination))]
    if key is not None:
        fields += [(5, 1), (6, key)]
    return op(TUNNEL, *fields, **kwargs)


def alt(vrf, **kwargs):
    return op(ALT, (1, vrf), **kwargs)


def end_of_replay():
    return op(END)


class Client:
    """One connection. Misses and states that come meanwhile are kept."""

    def __init__(self, path, epoch):
        self.socket = socket.socket(socket.AF_UNIX)
        deadline = time.monotonic() + 10 * SLOW
        while True:
            try:
                self.socket.connect(path)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self.input = b""
        self.seq = 0
        self.misses = []
        self.missed_instances = set()
        self.instances = []
        self.tunnels = {}
        self.recalled = []
        self.unreachable = []
        self.strays = []
        self._send(encode((1, encode((1, 1), (2, epoch)))))
        hello = self._wait(1)
        assert hello[2] == [epoch]
        self.bpf = bool(hello.get(6, [0])[0])
        self.note = hello.get(7, [b""])[0].decode()

    def close(self):
        self.socket.close()

    def _send(self, message):
        self.socket.sendall(struct.pack(">I", len(message)) + message)

    def _take(self):
        """One message: (number, content); None: none is there."""
        if len(self.input) < 4:
            return None
        (length,) = struct.unpack(">I", self.input[:4])
        if len(self.input) < 4 + length:
            return None
        fields = decode(self.input[4 : 4 + length])
        self.input = self.input[4 + length :]
        number, values = next(iter(fields.items()))
        return number, decode(values[0])

    def _keep(self, number, content):
        if number == 3:
            eid = ipaddress.ip_address(content[2][0])
            self.misses.append(str(eid))
            self.missed_instances.add(content.get(1, [0])[0])
        elif number == 5:
            self.instances.append(content)
        elif number == 6:
            self.tunnels[content[1][0].decode()] = content
        elif number == 7 and content.get(2, [0])[0]:
            self.unreachable.append(content[1][0])
        elif number == 8:
            self.recalled.append(content)
        elif number == 10:
            addresses = [str(ipaddress.ip_address(content[field][0])) for field in (2, 3, 4)]
            self.strays.append((content.get(1, [0])[0], *addresses))

    def _wait(self, wanted, timeout=10):
        deadline = time.monotonic() + timeout * SLOW
        while True:
            while (message := self._take()) is not None:
                self._keep(*message)
                if message[0] == wanted:
                    return message[1]
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                raise TimeoutError(f"no message {wanted}")
            data = self.socket.recv(1 << 20)
            if not data:
                raise ConnectionError("the plugin closed the mapping socket")
            self.input += data

    def batch(self, *ops):
        """Sends the operations; errors as [(index, errno, text)]."""
        self.seq += 1
        self._send(encode((2, encode((1, self.seq), *((2, each) for each in ops)))))
        ack = self._wait(2)
        assert ack[1] == [self.seq]
        errors = [decode(error) for error in ack.get(2, [])]
        return [
            (error.get(1, [0])[0], error[2][0], error[3][0].decode())
            for error in errors
        ]

    def apply(self, *ops):
        errors = self.batch(*ops)
        assert not errors, errors

    def wait_miss(self, eid, timeout=5):
        deadline = time.monotonic() + timeout
        while eid not in self.misses:
            self._wait(3, max(deadline - time.monotonic(), 0.01))
        self.misses.remove(eid)

    def wait_tunnel(self, name, timeout=5):
        while name not in self.tunnels:
            self._wait(6, timeout)
        return self.tunnels[name]

    def _told(self, field, iid):
        self.counters()
        (state, *_) = [each for each in reversed(self.instances) if each.get(1, [0]) == [iid]]
        return state.get(field, [b""])[0].decode()

    def trouble(self, iid=0):
        """What was told last of why an instance is not in service; empty: it is."""
        return self._told(6, iid)

    def slow(self, iid=0):
        """What was told last of what may not take the fast path; empty: all may."""
        return self._told(7, iid)

    def missing(self, iid=0):
        """What was told last of what is missing though it is in service; empty: nothing."""
        return self._told(8, iid)

    def explain(self, source, destination, protocol=0, ports=(0, 0), iid=0):
        """What becomes of a packet, and {step: (result, text)}."""
        fields = [(1, 9), (2, iid), (3, octets(source)), (4, octets(destination))]
        fields += [(5, protocol), (6, ports[0]), (7, ports[1])]
        self._send(encode((6, encode(*fields))))
        told = self._wait(12)
        steps = [decode(step) for step in told.get(2, [])]
        words = [[step.get(i, [b""])[0].decode() for i in (1, 2, 3)] for step in steps]
        return told[3][0].decode(), {name: (result, text) for name, result, text in words}

    def recall_ask(self):
        self._send(encode((4, b"")))

    def waiting(self):
        "Octets that the plugin has written and nobody has read."
        (octets,) = struct.unpack("i", fcntl.ioctl(self.socket, termios.FIONREAD, bytes(4)))
        return octets

    def recall(self, ask=True):
        if ask:
            self.recall_ask()
        while not self.recalled or not self.recalled[-1].get(4, [0])[0]:
            self._wait(8)
        return self.recalled

    def senders(self):
        """{(RLOC, instance-id, family of the EIDs)} that were decapsulated lately."""
        self._send(encode((5, b"")))
        found = [decode(value) for value in self._wait(11).get(1, [])]
        return {
            (
                str(ipaddress.ip_address(one[1][0])),
                one.get(2, [0])[0],
                6 if one.get(3, [0])[0] else 4,
            )
            for one in found
        }

    def counters(self, clear=False):
        """{name: packets} of those not zero, and all fields of the messages."""
        self._send(encode((3, encode((1, 7), (2, int(clear))))))
        content = {}
        while 2 not in content:
            for number, values in self._wait(4).items():
                content.setdefault(number, []).extend(values)
        named = [decode(value) for value in content.get(2, [])]
        packets = {
            value[1][0].decode(): value[2][0] for value in named if value.get(2, [0])[0]
        }
        return packets, content
