"""The load: many phones on one thread, which count the messages that come and look at as little of them as they can."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson

from benchmarks.live import frames

_AT_ONCE = 200
_EVERY_S = 0.002
_PATIENCE_S = 60.0


class WrongEventError(Exception):
    """A phone was refused, closed, or sent something else than an event; or events did not come."""


@dataclass(frozen=True, slots=True)
class Following:
    """What a phone asks for when it is let in, `times` over."""

    token: str
    document: str
    variables: Mapping[str, Any]
    times: int = 1


class Crowd:
    """The phones of one server, and what they have received together.

    received: messages of type `next`. message_bytes: length of the last first message.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.phones: list[Phone] = []
        self.received = 0
        self.served = 0
        self.ready = 0
        self.message_bytes = 0
        self.faults: list[str] = []

    async def join(self, followings: Iterable[Following], *, at_once: int = _AT_ONCE) -> None:
        """Returns when each is connected and let in, and has asked for what it follows."""
        loop, turns = asyncio.get_running_loop(), asyncio.Semaphore(at_once)

        async def one(following: Following) -> None:
            async with turns:
                _, phone = await loop.create_connection(lambda: Phone(self, following), "127.0.0.1", self.port)
                self.phones.append(phone)
                await phone.ready

        try:
            async with asyncio.timeout(_PATIENCE_S):
                await asyncio.gather(*map(one, followings))
        except TimeoutError:
            raise WrongEventError(f"{self.ready} phones were let in, and no more") from None

    async def until(self, count: int, patience_s: float = _PATIENCE_S) -> None:
        """Returns when so many messages were received since the beginning. Raises `WrongEventError`."""
        await self._reached(lambda: self.received, count, patience_s)

    async def until_served(self, count: int) -> None:
        """Returns when so many phones have received a message."""
        await self._reached(lambda: self.served, count, _PATIENCE_S)

    async def _reached(self, found: Callable[[], int], wanted: int, patience_s: float) -> None:
        until = time.monotonic() + patience_s
        while found() < wanted:
            self.check()
            if time.monotonic() > until:
                raise WrongEventError(f"{found():,} came within {patience_s:g} s, and {wanted:,} should have")
            await asyncio.sleep(_EVERY_S)
        self.check()

    def check(self) -> None:
        if self.faults:
            raise WrongEventError(self.faults[0])

    def check_each(self, count: int) -> None:
        """That each phone has received exactly so many messages."""
        wrong = [phone.messages for phone in self.phones if phone.messages != count]
        if wrong:
            raise WrongEventError(f"{len(wrong)} phones do not have {count} messages: {wrong[0]}, for example")

    async def leave(self) -> None:
        """All at once, without a word."""
        for phone in self.phones:
            phone.hang_up()
        self.phones.clear()
        await asyncio.sleep(0.2)  # the server has to notice


class Phone(asyncio.Protocol):
    __slots__ = (
        "_crowd",
        "_left",
        "_open",
        "_rest",
        "_step",
        "_transport",
        "first",
        "following",
        "messages",
        "noted",
        "ready",
    )

    def __init__(self, crowd: Crowd, following: Following) -> None:
        self._crowd = crowd
        self.following = following
        self._rest = b""
        self._step: Callable[[bytes], None] | None = self._let_in
        self._open = False
        self._left = False
        self._transport: Any = None
        self.noted: Callable[[bytes, int], None] | None = None
        """Is given each message but the first, and when its bytes were read, by the clock of `time.monotonic_ns`."""
        self.first: dict[str, Any] = {}
        """The data of its first event."""
        self.messages = 0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(frames.handshake(self._crowd.port))

    def connection_lost(self, error: Exception | None) -> None:
        if not self._left:
            self._fail(f"a phone was cut off: {error or 'closed'}")

    def hang_up(self) -> None:
        self._left = True
        self._transport.abort()

    def stop_reading(self) -> None:
        self._transport.pause_reading()

    def read_on(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        if not self._open:
            head, end_of_head, rest = data.partition(b"\r\n\r\n")
            if not end_of_head:
                self._rest = data
                return
            self._shake(head)
            data = rest
        at, end, crowd, now = 0, len(data), self._crowd, 0
        while end - at > 1:
            length, start = data[at + 1], at + 2
            if length == 126:
                if end - at < 4:
                    break
                length, start = data[at + 2] << 8 | data[at + 3], at + 4
            elif length == 127:
                if end - at < 10:
                    break
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if start + length > end:
                break
            if data[at] != 0x81:
                self._control(data[at], data[start : start + length])
            elif self._step is not None:
                self._step(data[start : start + length])
            else:
                crowd.received += 1
                self.messages += 1
                if self.noted is not None:
                    now = now or time.monotonic_ns()
                    self.noted(data[start : start + length], now)
            at = start + length
        self._rest = data[at:]

    def _shake(self, head: bytes) -> None:
        self._open = True
        if not head.startswith(b"HTTP/1.1 101"):
            self._fail(head.decode(errors="replace"))
        self._transport.write(frames.init(self.following.token))

    def _let_in(self, message: bytes) -> None:
        if b"connection_ack" not in message:
            self._fail(message.decode(errors="replace"))
            return
        asked = self.following
        ids = [str(uuid4()) for _ in range(asked.times)]
        self._transport.write(b"".join(frames.subscribe(id, asked.document, asked.variables) for id in ids))
        self._transport.write(frames.ping())
        self._step = self._first

    def _first(self, message: bytes) -> None:
        """The answer to our ping, and the first event: they may come in any order."""
        told = orjson.loads(message)
        if told["type"] == "pong":
            self._crowd.ready += 1
            if not self.ready.done():
                self.ready.set_result(None)
        elif told["type"] == "next" and not told["payload"].get("errors"):
            self._crowd.message_bytes = len(message)
            if not self.messages:
                self.first = told["payload"]["data"]
                self._crowd.served += 1
            self._crowd.received += 1
            self.messages += 1
            if self.ready.done():
                self._step = None
        else:
            self._fail(message.decode(errors="replace"))

    def _control(self, kind: int, payload: bytes) -> None:
        if kind == 0x89:
            self._transport.write(frames.pong(payload))
        elif kind == 0x88:
            code = int.from_bytes(payload[:2], "big")
            self._fail(f"a phone was closed with {code} {payload[2:].decode(errors='replace')}")
        else:
            self._fail(f"a frame of kind {kind:#x}")

    def _fail(self, why: str) -> None:
        self._crowd.faults.append(why)
        if not self.ready.done():
            self.ready.set_exception(WrongEventError(why))
