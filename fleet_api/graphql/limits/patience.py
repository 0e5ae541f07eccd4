"""An end to what takes too long. One timer for all of a process: a timeout of asyncio takes longer than a cached query
does, and almost none is ever needed."""

import asyncio
from time import monotonic
from typing import Any

_Task = asyncio.Task[Any]


class Patience:
    """seconds: that each may take."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        # All have the same patience, so that whoever began first is the first to lose it.
        self._began: dict[_Task, float] = {}
        self._overdue: set[_Task] = set()
        self._is_watching = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self) -> _Task:
        """The task that runs now is cancelled unless it ends this in time."""
        # Which loop it is, is asked once: each time the kernel is asked for the process, too.
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        task = asyncio.current_task(self._loop)
        if task is None:
            raise RuntimeError("only a task can be cancelled")
        self._began[task] = monotonic()
        if not self._is_watching:
            self._watch(self.seconds)
        return task

    def end(self, task: _Task) -> None:
        self._began.pop(task, None)
        if self._overdue:
            self.has_run_out(task)  # where something on the way made another end of it

    def has_run_out(self, task: _Task) -> bool:
        """Whether it was we who cancelled it. Asked once, by whoever handles that."""
        if task not in self._overdue:
            return False
        self._overdue.remove(task)
        task.uncancel()
        return True

    def _watch(self, seconds: float) -> None:
        self._is_watching = True
        asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        self._is_watching = False
        now = monotonic()
        for task, began in list(self._began.items()):
            left = began + self.seconds - now
            if left > 0:
                self._watch(left)
                return
            del self._began[task]
            self._overdue.add(task)
            task.cancel()
