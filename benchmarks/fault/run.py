"""One fault after the other, while writers write and followers follow."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from benchmarks.fault.apis import Api
from benchmarks.fault.cast import cast
from benchmarks.fault.checker import (
    Found,
    Happened,
    Mark,
    check_follower,
    check_log,
    check_writers,
    whole_subjects,
)
from benchmarks.fault.faults import HOLDER, Fault, Stage
from benchmarks.fault.log import ALL, end_of_log, happened
from benchmarks.fault.world import World
from benchmarks.fault.writers import writers

_DRAIN_S = 15.0
_LATE_S = 0.7  # what is told twice is told soon


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one fault. log, promises: as the checker has them. followers: what each found, and how much it was told.
    delays: from the beginning of a write's transaction to a follower, in seconds."""

    fault: Fault
    effects: Sequence[str]
    written: int
    log: Found
    promises: Found
    followers: dict[str, tuple[Found, int]]
    answers: Counter[str]
    ends: Counter[str]
    delays: Sequence[float]

    @property
    def found(self) -> Found:
        return sum((found for found, _ in self.followers.values()), self.log + self.promises)

    @property
    def silent(self) -> Sequence[str]:
        """Who was told nothing at all."""
        return [name for name, (_, told) in self.followers.items() if not told]


@dataclass(slots=True)
class _Past:
    """What came before. id: the log's last. heads: the last number of each subject."""

    id: int = 0
    marks: set[Mark] = field(default_factory=set)
    heads: dict[UUID, int] = field(default_factory=dict)


class Run:
    def __init__(self, world: World, apis: Sequence[Api], seconds: float) -> None:
        """seconds: how long each fault's writers write."""
        self._world = world
        self._seconds = seconds
        self._followers, self._phone = cast(apis, world)
        self._writers = writers(apis, world)
        self._may_write = asyncio.Event()
        self._stage = Stage(world, apis, self._phone, self._may_write)
        self._past = _Past()
        # Each holds a part of it while it writes, so that whoever holds all of it knows that nobody does.
        self._idle = asyncio.Semaphore(len(self._writers))

    async def outcomes(self, faults: Sequence[Fault]) -> list[Outcome]:
        """Raises `NothingHappenedError`."""
        for follower in self._followers:
            await follower.begin()
        working = [asyncio.create_task(each.run()) for each in self._followers]
        working += [asyncio.create_task(each.run(self._may_write, self._idle)) for each in self._writers]
        conducting = asyncio.create_task(self._conduct(faults))
        try:
            await asyncio.wait([conducting, *working], return_when=asyncio.FIRST_COMPLETED)
            for task in working:
                if task.done():  # they never end of themselves
                    task.result()
            return await conducting
        finally:
            for task in (conducting, *working):
                task.cancel()
            await asyncio.gather(conducting, *working, return_exceptions=True)

    async def _conduct(self, faults: Sequence[Fault]) -> list[Outcome]:
        return [await self._one(fault) for fault in faults]

    async def _one(self, fault: Fault) -> Outcome:
        print(f"{fault.name}: {fault.about} …", flush=True)
        told = {each.name: len(each.told) for each in self._followers}
        self._may_write.set()
        effects = await self._strike(fault)
        self._may_write.clear()
        for _ in self._writers:
            await self._idle.acquire()
        outcome = await self._compare(fault, effects, told)
        for _ in self._writers:
            self._idle.release()
        return outcome

    async def _strike(self, fault: Fault) -> list[str]:
        """In the first half of the time, as often as it wants; the other half is calm."""
        until = time.monotonic() + self._seconds
        pause = self._seconds / 2 / (fault.times + 1)
        effects = []
        for _ in range(fault.times):
            await asyncio.sleep(pause)
            self._phone.stop_reading()
            effects.append(await fault.strike(self._stage))
        await asyncio.sleep(pause)
        self._phone.read_again()
        await asyncio.sleep(max(self._seconds / 2, until - time.monotonic()))
        return effects

    async def _compare(self, fault: Fault, effects: Sequence[str], told: dict[str, int]) -> Outcome:
        sights = [each.sees for each in self._followers]
        all_of_it, *seen = await happened(self._world.url, self._past.id, ALL, *sights)
        wanted = {each.name: len(there) for each, there in zip(self._followers, seen, strict=True)}
        await self._drained({name: told[name] + count for name, count in wanted.items()})
        found = {}
        for follower, there in zip(self._followers, seen, strict=True):
            theirs = follower.told[told[follower.name] :]
            whole = whole_subjects(there, all_of_it)
            found[follower.name] = check_follower(theirs, there, self._past.marks, whole), len(theirs)
        promised = sum((each.promised for each in self._writers), self._stage.promised)
        outcome = Outcome(
            fault,
            effects,
            len(all_of_it),
            check_log(all_of_it, self._past.heads),
            check_writers(promised, all_of_it),
            found,
            sum((each.answers for each in self._writers), Counter()),
            sum((each.ends for each in self._followers), Counter()),
            sorted(self._delays(told)),
        )
        self._forget(all_of_it)
        self._past.id = await end_of_log(self._world.url)
        return outcome

    async def _drained(self, wanted: dict[str, int]) -> None:
        """Until everybody has heard as much as they are to hear, or it takes too long."""
        until = time.monotonic() + _DRAIN_S
        while any(len(each.told) < wanted[each.name] for each in self._followers) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await asyncio.sleep(_LATE_S)

    def _delays(self, told: dict[str, int]) -> Iterable[float]:
        """Of those who read all the time. What was held back on purpose says nothing of others."""
        for follower in self._followers:
            if follower is not self._phone:
                for heard in follower.told[told[follower.name] :]:
                    if heard.mark.actor != HOLDER.actor:
                        yield heard.at - heard.mark.occurred_at.timestamp()

    def _forget(self, all_of_it: Sequence[Happened]) -> None:
        """What was counted for this fault is not counted for the next."""
        self._past.marks.update(each.mark for each in all_of_it)
        self._stage.promised.clear()
        for writer in self._writers:
            writer.promised.clear()
            writer.answers.clear()
        for follower in self._followers:
            follower.ends.clear()
