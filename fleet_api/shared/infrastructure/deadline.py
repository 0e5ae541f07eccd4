"""Giving up on time. Cancelling a statement waits for a server that may not answer, so nobody waits for that."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_abandoned: set["asyncio.Task[Any]"] = set()


async def within(seconds: float | None, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`. Raises `TimeoutError` after `seconds`, while the work is cancelled in the background."""
    running = asyncio.create_task(work)
    try:
        await asyncio.wait({running}, timeout=seconds)
    finally:
        if not running.done():
            running.cancel()
            _abandoned.add(running)
            running.add_done_callback(_forget)
    if not running.done():
        raise TimeoutError
    return running.result()


def _forget(task: "asyncio.Task[Any]") -> None:
    _abandoned.discard(task)
    if not task.cancelled():
        task.exception()  # nobody is left to tell
