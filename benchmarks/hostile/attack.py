"""One stranger: sends what their kind sends, and hears how it ends."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter

from benchmarks.hostile.kinds import HUNG_UP, Kind

_PATIENCE_S = 30.0
_SWITCHED, _OK = 101, 200
_CLOSE, _LONGER = 0x88, 126


@dataclass
class Outcome:
    """statuses: that strangers heard at last. milliseconds: from the last byte to the refusal, one for each."""

    statuses: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)


async def attack(port: int, kind: Kind, times: int, at_once: int) -> Outcome:
    outcome, left = Outcome(), [kind] * times

    async def stranger() -> None:
        while left:
            left.pop()
            await _attack(port, kind, outcome)

    await asyncio.gather(*(stranger() for _ in range(min(at_once, times))))
    return outcome


async def _attack(port: int, kind: Kind, outcome: Outcome) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    hearing = asyncio.create_task(_last_status(reader, writer, kind.socket))
    try:
        await _send(writer, kind.parts, kind.pause_s, hearing)
        sent_at = perf_counter()
        if kind.told:
            async with asyncio.timeout(_PATIENCE_S):
                outcome.statuses[await hearing] += 1
            outcome.milliseconds.append((perf_counter() - sent_at) * 1_000)
        elif kind.socket:
            await asyncio.sleep(0.01)
    finally:
        hearing.cancel()
        writer.transport.abort()


async def _send(
    writer: asyncio.StreamWriter, parts: Sequence[bytes], pause_s: float, hearing: "asyncio.Task[int]"
) -> None:
    """Until all is sent, or they were told to go."""
    with suppress(ConnectionError):
        for part in parts:
            if hearing.done():
                return
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)


async def _last_status(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, socket: bytes | None) -> int:
    """The first that is no answer to what was asked in order, or the code of a socket's end."""
    status = HUNG_UP
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while status in {HUNG_UP, _OK}:
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split(b" ", 2)[1])
            lines = head.decode("latin-1").lower().split("\r\n")
            await reader.readexactly(sum(int(line[15:]) for line in lines if line.startswith("content-length:")))
        if status == _SWITCHED:
            writer.write(socket or b"")
            return await _close_code(reader)
    return status


async def _close_code(reader: asyncio.StreamReader) -> int:
    while True:
        first, length = await reader.readexactly(2)
        if length == _LONGER:
            length = int.from_bytes(await reader.readexactly(2), "big")
        payload = await reader.readexactly(length)
        if first == _CLOSE:
            return int.from_bytes(payload[:2], "big")
