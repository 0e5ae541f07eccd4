"""Work beside the requests, for as long as a process serves."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog

_AGAIN_S = 0.02
_MOST_AGAIN_S = 0.5

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def in_the_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Is cancelled at the end, and has ended then."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def for_ever(work: Callable[[], Awaitable[None]], name: str) -> None:
    """Begins again whenever the work ends, be it for a connection that is lost: soon at first, then at leisure."""
    pause = _AGAIN_S
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await work()
        except Exception as error:
            _log.warning("begun_again", work=name, error=type(error).__name__)
        lasted = asyncio.get_running_loop().time() - began
        pause = _AGAIN_S if lasted > _MOST_AGAIN_S else min(pause * 2, _MOST_AGAIN_S)
        await asyncio.sleep(pause)


async def set_within(event: asyncio.Event, seconds: float) -> None:
    """Waits for it, but no longer."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
