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
        # While it watches. Each time that a loop is asked for, the kernel is asked for the process, too.
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self) -> _Task:
        """The task that runs now is cancelled unless it ends this in time."""
        task = asyncio.current_task(self._loop or self._watch(self.seconds))
        if task is None:
            raise RuntimeError("only a task can be cancelled")
        self._began[task] = monotonic()
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

    def _watch(self, seconds: float) -> asyncio.AbstractEventLoop:
        self._loop = asyncio.get_running_loop()
        self._loop.call_later(seconds, self._look)
        return self._loop

    def _look(self) -> None:
        self._loop = None
        now = monotonic()
        for task, began in list(self._began.items()):
            left = began + self.seconds - now
            if left > 0:
                self._watch(left)
                return
            del self._began[task]
            self._overdue.add(task)
            task.cancel()
