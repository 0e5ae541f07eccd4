"""The load: keep-alive connections, each with one request under way, on one thread, with little to do per answer."""

import gc
import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import TypeVar

T = TypeVar("T")

CONCURRENCY = 8
LEAST_ANSWERS = 64

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length: "
_CHUNK = 1 << 18
_PATIENCE_S = 30.0

Requests = Iterator[bytes]
"""What one connection sends, without an end."""


class WrongAnswerError(Exception):
    """The server answered with another status than 200, or with errors."""


@dataclass(frozen=True, slots=True)
class Measured:
    """count: answers within the window of `seconds`. at_start, at_end: what the probe told then."""

    count: int
    seconds: float
    latencies_ms: Sequence[float]
    at_start: float
    at_end: float

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    @property
    def p50_ms(self) -> float:
        return _percentile(self.latencies_ms, 50)

    @property
    def p99_ms(self) -> float:
        return _percentile(self.latencies_ms, 99)


def _percentile(values: Sequence[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else sum(values)


def request(port: int, body: bytes, token: str, path: str = "/graphql") -> bytes:
    """An HTTP request, ready to send."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {token}\r\n"
        f"accept: application/json\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection:
    """Sends a request, gathers its answer."""

    def __init__(self, port: int, requests: Requests) -> None:
        self._requests = requests
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._awaited = 0  # bytes of head and body; 0 while the head is not there
        self._body_at = 0
        self.sent_at = 0.0

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self) -> None:
        message = next(self._requests)
        self.sent_at = time.perf_counter()
        self._socket.sendall(message)

    def receive(self) -> bytes | None:
        """The body of the answer once it is whole. Raises `WrongAnswerError`."""
        chunk = self._socket.recv(_CHUNK)
        if not chunk:
            raise WrongAnswerError("The server closed the connection.")
        self._received += chunk
        if not self._awaited and (end := self._received.find(_HEAD_END)) > 0:
            self._read_head(self._received[:end])
        if not self._awaited or len(self._received) < self._awaited:
            return None
        body, self._received, self._awaited = self._received[self._body_at :], b"", 0
        if b'"errors"' in body:
            raise WrongAnswerError(body[:500].decode(errors="replace"))
        return body

    def _read_head(self, head: bytes) -> None:
        lowered = head.lower()
        at = lowered.find(_LENGTH)
        if not head.startswith(b"HTTP/1.1 200") or at < 0:
            raise WrongAnswerError(self._received[:500].decode(errors="replace"))
        length = lowered[at + len(_LENGTH) :].split(b"\r\n", 1)[0]
        self._body_at = len(head) + len(_HEAD_END)
        self._awaited = self._body_at + int(length)

    def close(self) -> None:
        self._socket.close()


def ask(port: int, message: bytes) -> bytes:
    """One request on a connection of its own: its answer's body."""
    connection = _Connection(port, iter([message]))
    try:
        connection.send()
        while (body := connection.receive()) is None:
            pass
        return body
    finally:
        connection.close()


def drive(
    port: int,
    streams: Sequence[Requests],
    *,
    warm_up: float,
    seconds: float,
    probe: Callable[[], float] = lambda: 0.0,
) -> Measured:
    """Load the server from one connection per stream; what happens in the warm-up does not count.

    The window opens and closes under full load: a request counts when it is answered within. It stays open for longer
    than `seconds` where a server is so slow that a few answers more or less would make a difference.
    """
    connections = {connection.fileno(): connection for connection in (_Connection(port, each) for each in streams)}
    poll = select.poll()
    latencies: list[float] = []
    gc.collect()
    gc.disable()
    try:
        for number, connection in connections.items():
            poll.register(number, select.POLLIN)
            connection.send()
        _turn(poll, connections, [], time.perf_counter() + warm_up, CONCURRENCY)
        at_start, opened = probe(), time.perf_counter()
        _turn(poll, connections, latencies, opened + seconds, LEAST_ANSWERS)
        at_end, closed = probe(), time.perf_counter()
        _drain(poll, connections)
    finally:
        gc.enable()
        for connection in connections.values():
            connection.close()
    return Measured(len(latencies), closed - opened, latencies, at_start, at_end)


def _turn(
    poll: select.poll, connections: dict[int, _Connection], latencies: list[float], until: float, least: int
) -> None:
    """Until then, and until there are so many answers, and as many from each connection: a server that works on all of
    them in turn answers all at once, so that a window which cuts that in two would tell too much or too little."""
    while ready := poll.poll(_PATIENCE_S * 1_000):
        for number, _ in ready:
            connection = connections[number]
            if connection.receive() is None:
                continue
            now = time.perf_counter()
            latencies.append((now - connection.sent_at) * 1_000)
            connection.send()
            if now >= until and len(latencies) >= least and len(latencies) % len(connections) == 0:
                return
    raise WrongAnswerError(f"No answer within {_PATIENCE_S:.0f} s.")


def _drain(poll: select.poll, connections: dict[int, _Connection]) -> None:
    """Wait for the answers under way, so that the next measurement finds the server at rest."""
    waiting = set(connections)
    while waiting:
        ready = poll.poll(_PATIENCE_S * 1_000)
        if not ready:
            raise WrongAnswerError(f"No answer within {_PATIENCE_S:.0f} s.")
        for number, _ in ready:
            if number in waiting and connections[number].receive() is not None:
                waiting.remove(number)


def many(port: int, streams: Sequence[Requests], count: int) -> None:
    """Ask `count` times, one after the other, on one connection per stream in turn."""
    connections = [_Connection(port, each) for each in streams]
    try:
        for index in range(count):
            connection = connections[index % len(connections)]
            connection.send()
            while connection.receive() is None:
                pass
    finally:
        for connection in connections:
            connection.close()
