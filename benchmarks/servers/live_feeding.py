"""What is published in the servers of `make bench-live` comes from a loop in their own process, started over stdin."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import orjson

Round = Callable[[int], Awaitable[None]]
"""Tells one event of each of the first so many vehicles, and returns when all of it is written."""


async def obey(tell: Round) -> None:
    """For each line, `{"subjects": …, "rounds": …, "seconds": …}`, at least so many rounds, and for so long.

    The answer is a line with how many there were.
    """
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        asked = orjson.loads(line)
        until, rounds = time.perf_counter() + asked["seconds"], 0
        while rounds < asked["rounds"] or time.perf_counter() < until:
            await tell(asked["subjects"])
            rounds += 1
        print(orjson.dumps({"rounds": rounds}).decode(), flush=True)
