"""Servers and clients in network namespaces, driven over stdin and stdout. Agent.java is the other end.

A command is a line "ID COMMAND KEY=VALUE...". Its answers are lines "ID WORD...", the last one "ID done" or "ID error TEXT".

  listen    ns proto addr port name   answers each line (TCP, SCTP) or datagram with "NAME CLIENT-ADDRESS CLIENT-PORT"
  unlisten  ns proto addr port        closes that server and the connections it accepted; with keep=1 not those
  requests  ns proto addr port        asks such a server; see Requests
  ping      ns addr count timeout     ICMP echo
  stop      id                        ends running requests
  sysctl    ns key value

A socket belongs to the namespace it was made in, and a namespace is a property of a thread: this one process serves them all.
"""
import contextlib
import ctypes
import errno
import os
import selectors
import socket
import struct
import sys
import threading
import time

SCTP = 132
KINDS = {
    "tcp": (socket.SOCK_STREAM, socket.IPPROTO_TCP),
    "udp": (socket.SOCK_DGRAM, socket.IPPROTO_UDP),
    "sctp": (socket.SOCK_STREAM, SCTP),
}
sys.setswitchinterval(0.0005)  # threads here wait for each other, none computes

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
own_namespace = os.open("/proc/self/ns/net", os.O_RDONLY)


def enter(namespace_fd):
    if libc.setns(namespace_fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


@contextlib.contextmanager
def inside(namespace):
    """What is opened in here belongs to the namespace of that name; no thread may be started in here."""
    fd = os.open("/run/netns/" + namespace, os.O_RDONLY)
    try:
        enter(fd)
        yield
    finally:
        os.close(fd)
        enter(own_namespace)


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def open_socket(namespace, proto, address):
    kind, number = KINDS[proto]
    with inside(namespace):
        return socket.socket(family_of(address), kind, number)


class Output:
    """Whole lines only, from any thread."""

    def __init__(self):
        self.lock = threading.Lock()

    def line(self, *words):
        text = " ".join(map(str, words)) + "\n"
        with self.lock:
            sys.stdout.write(text)
            sys.stdout.flush()


output = Output()


class Servers:
    """All servers, on the one selector of the main thread."""

    def __init__(self, selector):
        self.selector = selector
        self.open = {}  # (ns, proto, addr, port) -> [listener, accepted...]

    def listen(self, ns, proto, addr, port, name):
        listener = open_socket(ns, proto, addr)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((addr, int(port)))
            if proto != "udp":
                listener.listen(1024)
        except OSError:
            listener.close()
            raise
        listener.setblocking(False)
        self.open[ns, proto, addr, port] = sockets = [listener]
        answer = self.answer_datagram if proto == "udp" else self.accept
        self.selector.register(listener, selectors.EVENT_READ, lambda: answer(listener, name, sockets))

    def unlisten(self, ns, proto, addr, port, keep="0"):
        listener, *accepted = self.open.pop((ns, proto, addr, port))
        for each in [listener] if keep == "1" else [listener, *accepted]:
            self.drop(each)

    def drop(self, each):
        self.selector.unregister(each)
        each.close()

    def answer_datagram(self, server, name, _):
        with contextlib.suppress(OSError):  # as errors of earlier answers are reported here, too
            _, client = server.recvfrom(65536)
            server.sendto(f"{name} {client[0]} {client[1]}\n".encode(), client)

    def accept(self, listener, name, sockets):
        try:
            connection, client = listener.accept()
        except OSError:
            return
        connection.setblocking(False)
        sockets.append(connection)
        answer = f"{name} {client[0]} {client[1]}\n".encode()
        self.selector.register(connection, selectors.EVENT_READ, lambda: self.answer(connection, answer, sockets))

    def answer(self, connection, answer, sockets):
        try:
            asked = connection.recv(65536)
            # Lines are short and clients wait for each answer: it fits into the send buffer.
            connection.sendall(answer * asked.count(b"\n"))
        except OSError:
            asked = b""
        if not asked:
            sockets.remove(connection)
            self.drop(connection)


class Stalls:
    """When this process had no processor, or all of the machine stood still: a thread that wants to run each 20 ms did not
    for more than 100."""

    def __init__(self):
        self.gaps = []
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        last = time.monotonic()
        while True:
            time.sleep(0.02)
            now = time.monotonic()
            if now - last > 0.12:
                self.gaps.append((last + 0.02, now))
            last = now

    def between(self, began, ended):
        """Seconds of it."""
        if ended - began < 0.1:
            return 0
        time.sleep(0.05)  # whoever waked first may not be the one who watches
        stalled = 0
        for first, last in reversed(self.gaps):
            if last <= began:
                break
            stalled += max(0, min(last, ended) - max(first, began))
        return stalled


stalls = Stalls()


class Requests:
    """Requests to one address, one after the other in each of `parallel` threads, until `count` are done or `stop` comes.

    Reports a line for each:  answer SERVER CLIENT-ADDRESS CLIENT-PORT CONNECT-MICROS TOTAL-MICROS AT-MICROS
    or failure STEP REASON TOTAL-MICROS AT-MICROS; REASON is an errno's name, timeout or closed; AT counts from the start.
    Times are told without those in which the machine stood still, unless TCP had to send something again. Who is given no
    timeout waits for 10 s, but a connection for which a SYN was sent again fails as "resent": it was lost, if the machine
    did not stand still.
    count 0: without end. keep=1: all of a thread's requests over one connection. source, sport: where from; sportstep
    is added to the port for each next one. reset=1: connections end by RST.
    """

    def __init__(self, ident, ns, proto, addr, port, count="1", parallel="1", timeout="", interval="0", keep="0",
                 source="", sport="0", sportstep="0", reset="0"):
        self.ident, self.ns, self.proto, self.target = ident, ns, proto, (addr, int(port))
        self.left = int(count) or float("inf")
        self.timeout, self.interval = int(timeout or "10000") / 1000, int(interval) / 1000
        self.strict = not timeout
        self.keep, self.source, self.sport, self.sportstep = keep == "1", source, int(sport), int(sportstep)
        self.reset = reset == "1"
        self.lock, self.stopped = threading.Lock(), threading.Event()
        self.start = time.monotonic()
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(int(parallel))]

    def run_all(self):
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()

    def take(self):
        with self.lock:
            self.left -= 1
            return self.left >= 0 and not self.stopped.is_set()

    def run(self):
        connection = None
        while self.take():
            connection = self.request(connection)
            if connection and not self.keep:
                connection.close()
                connection = None
            if self.interval:
                self.stopped.wait(self.interval)
        if connection:
            connection.close()

    def request(self, connection):
        """One request, over this connection or a new one; returns it if it can be used again."""
        began = connected = time.monotonic()
        step = "connect"
        try:
            if connection is None:
                connection = open_socket(self.ns, self.proto, self.target[0])
                self.connect(connection)
                connected = time.monotonic()
                if self.strict and self.resent(connection) and not stalls.between(began, connected):
                    raise ValueError("resent")
            step = "answer"
            server, client, port = self.ask(connection)
            now = time.monotonic()
            output.line(self.ident, "answer", server, client, port, self.lasted(connection, began, connected),
                        self.lasted(connection, began, now), micros(began - self.start))
            return connection
        except (OSError, ValueError) as failure:
            output.line(self.ident, "failure", step, reason(failure), self.lasted(connection, began, time.monotonic()),
                        micros(began - self.start))
            if connection:
                connection.close()
            return None

    def connect(self, connection):
        connection.settimeout(self.timeout)
        if self.reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if self.source or self.sport:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            connection.bind((self.source, self.next_source_port()))
        connection.connect(self.target)

    def lasted(self, connection, began, ended):
        return micros(ended - began - (0 if self.resent(connection) else stalls.between(began, ended)))

    def resent(self, connection):
        """Whether TCP sent anything again: tcpi_total_retrans of struct tcp_info, behind 8 bytes and 23 numbers."""
        if self.proto != "tcp" or connection is None:
            return False
        try:
            info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        except OSError:
            return False
        return len(info) == 104 and struct.unpack("=I", info[100:])[0] > 0

    def next_source_port(self):
        with self.lock:
            self.sport += self.sportstep
            return self.sport - self.sportstep

    def ask(self, connection):
        connection.sendall(b"who\n")
        answer = b""
        while not answer.endswith(b"\n"):
            part = connection.recv(65536)
            if not part:
                raise ValueError("closed")
            answer += part
        return answer.decode().split()


def micros(seconds):
    return round(seconds * 1e6)


def reason(failure):
    if isinstance(failure, socket.timeout):
        return "timeout"
    if isinstance(failure, OSError):
        return errno.errorcode.get(failure.errno, failure.errno)
    return "resent" if str(failure) == "resent" else "closed"


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def ping(ident, ns, addr, count="1", timeout="10000"):
    """Reports as Requests does; the server's name is "-"."""
    v6 = family_of(addr) == socket.AF_INET6
    echo, reply = (128, 129) if v6 else (8, 0)
    with inside(ns):
        raw = socket.socket(family_of(addr), socket.SOCK_RAW, socket.IPPROTO_ICMPV6 if v6 else socket.IPPROTO_ICMP)
    start = time.monotonic()
    with raw:
        for sequence in range(int(count)):
            body = struct.pack("!HH", threading.get_native_id() & 0xFFFF, sequence)
            # The kernel fills in ICMPv6's checksum.
            packet = struct.pack("!BBH", echo, 0, 0 if v6 else checksum(struct.pack("!BBH", echo, 0, 0) + body)) + body
            began = time.monotonic()
            try:
                raw.sendto(packet, (addr, 0))
                wait_for_reply(raw, addr, reply, body, began + int(timeout) / 1000, 0 if v6 else 20)
                took = micros(time.monotonic() - began)
                output.line(ident, "answer", "-", addr, 0, took, took, micros(began - start))
            except OSError as failure:
                output.line(ident, "failure", "answer", reason(failure), micros(time.monotonic() - began),
                            micros(began - start))


def wait_for_reply(raw, addr, reply, body, deadline, header):
    while True:
        raw.settimeout(max(deadline - time.monotonic(), 0.001))
        packet, sender = raw.recvfrom(2048)
        if sender[0] == addr and packet[header] == reply and packet[header + 4:header + 8] == body:
            return


def sysctl(ns, key, value):
    # /proc/sys/net shows the namespace of the thread that opens it.
    with inside(ns), open("/proc/sys/" + key, "w", encoding="ascii") as file:
        file.write(value)


class Commands:
    """Lines from stdin. What takes time runs in a thread of its own."""

    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.servers = Servers(self.selector)
        self.running = {}
        self.unread = b""

    def serve(self):
        self.selector.register(sys.stdin, selectors.EVENT_READ, self.read)
        while True:
            for key, _ in self.selector.select():
                # A server closed by an earlier event of the same round is gone from the map.
                if key.fd in self.selector.get_map():
                    key.data()

    def read(self):
        data = os.read(0, 65536)
        if not data:
            os._exit(0)  # whoever drove us is gone
        *lines, self.unread = (self.unread + data).split(b"\n")
        for line in lines:
            self.command(line.decode())

    def command(self, line):
        ident, name, *words = line.split()
        arguments = dict(word.split("=", 1) for word in words)
        if name == "requests":
            requests = self.running[ident] = Requests(ident, **arguments)
            self.in_background(ident, requests.run_all)
        elif name == "ping":
            self.in_background(ident, lambda: ping(ident, **arguments))
        else:
            self.answer(ident, lambda: self.immediate(name, arguments))

    def immediate(self, name, arguments):
        if name == "stop":
            requests = self.running.get(arguments["id"])
            if requests:
                requests.stopped.set()
        elif name == "sysctl":
            sysctl(**arguments)
        elif name == "listen":
            self.servers.listen(**arguments)
        else:
            self.servers.unlisten(**arguments)

    def in_background(self, ident, work):
        threading.Thread(target=self.answer, args=(ident, work), daemon=True).start()

    def answer(self, ident, work):
        try:
            work()
            output.line(ident, "done")
        except Exception as failure:  # pylint: disable=broad-except # reported to the test
            output.line(ident, "error", repr(failure).replace("\n", " "))
        self.running.pop(ident, None)


Commands().serve()
