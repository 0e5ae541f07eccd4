"""Which processor does what: the server has one for itself, PostgreSQL and the load have the others."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psutil


class Cores:
    """Where the system cannot pin, or there is one core, everything runs everywhere."""

    _all: Sequence[int] = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []

    @classmethod
    def all(cls) -> Sequence[int]:
        return cls._all

    @classmethod
    def pinned(cls) -> bool:
        return len(cls._all) >= 2

    @classmethod
    def servers(cls, count: int = 1) -> Sequence[int]:
        return cls._all[:count] if cls.pinned() else cls._all

    @classmethod
    def others(cls, count: int = 1) -> Sequence[int]:
        return cls._all[count:] if cls.pinned() else cls._all

    @staticmethod
    @contextmanager
    def only(cores: Sequence[int]) -> Iterator[None]:
        """Processes that start inside stay on these cores."""
        if not cores:
            yield
            return
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores)
        try:
            yield
        finally:
            os.sched_setaffinity(0, before)

    @classmethod
    def leave_to_servers(cls, pid: int, count: int = 1) -> None:
        """Keep this process, and `pid` with all its children, off the servers' cores."""
        if not cls.pinned():
            return
        postmaster = psutil.Process(pid)
        for process in (psutil.Process(), postmaster, *postmaster.children(recursive=True)):
            process.cpu_affinity(list(cls.others(count)))
