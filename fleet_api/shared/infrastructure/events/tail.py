"""How far this process was told the log: whatever any process tells arrives here once, as soon as it is committed."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

import structlog

from fleet_api.shared.domain.events import RecordedEvent
from fleet_api.shared.domain.snapshot import Snapshot

_AGAIN_S = 0.02
_BATCH_SIZE = 2_000
_HELD_UP_S = 60.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """An event, the transaction that told it, and its provider with all those above it."""

    event: RecordedEvent
    transaction: int
    lineage: Sequence[UUID]


class Mark(NamedTuple):
    """What was the greatest id when no transaction of that number had begun: it and all later ones get greater ids."""

    transaction: int
    newest: int


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody found in the log: all that `reading` shows and `seen` does not, in the order of the ids.

    at: when that was, in seconds since 1970.
    """

    seen: Snapshot
    reading: Snapshot
    at: float
    told: Sequence[Told]
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A look, or a part of it: what of it was not told yet. floor, at: as in `Position`.

    is_whole: nothing is left of it.
    """

    seen: Snapshot
    reading: Snapshot
    floor: int
    at: int
    told: Sequence[Told]
    is_whole: bool


class Tail:
    """deliver: is given every batch, in order; it must not wait, and must not raise.

    seen: all that it shows was delivered, if anything was told since the tail began. floor: as in `Position`.
    looks: how often this process looked for itself. told_at: when it last knew, by the monotonic clock, that nothing
    was left to deliver. heard_of: the greatest id of an event in looks that were not taken.
    on_awaited: called, again and again, while somebody waits for more than was delivered.
    """

    def __init__(self, deliver: Callable[[Batch], None]) -> None:
        self._deliver = deliver
        self.on_awaited: Callable[[], None] = _nobody_looks
        self.seen: Snapshot | None = None
        self.floor = 0
        self.looks = 0
        self.told_at = time.monotonic()
        self.heard_of = 0
        self._marks: deque[Mark] = deque()
        self._held_since = time.monotonic()

    def begin(self, seen: Snapshot, floor: int) -> None:
        """With what is told from there on."""
        self.seen, self.floor = seen, floor

    def take(self, look: Look) -> bool:
        """Delivers what is new in it, whoever looked, and from wherever. False when there may be something between what
        was delivered and what the look found, and nothing is taken."""
        if self.seen is not None and look.reading.covers(look.seen):
            if self.seen.covers(look.reading):
                self.told_at = time.monotonic()
                return True
            if self.seen.covers(look.seen):
                self._tell(self.seen, look)
                self.told_at = time.monotonic()
                return True
        self.heard_of = max(self.heard_of, look.reading.newest)
        return False

    def go_back(self, look: Look) -> None:
        """Delivers what is new, of a database that crashed or was put back: it forgot transactions, and gives their
        numbers to others."""
        if self.seen is not None:
            self._tell(self.seen, look)

    def mark(self, mark: Mark) -> None:
        """Lets the floor rise, in time."""
        self._marks.append(mark)

    async def reached(self, snapshot: Snapshot) -> bool:
        """Waits until all that it shows was delivered. False where there is less in the log than it showed: this is
        not the database that it is of, or it was restored."""
        surely = self.looks + 2  # one may have begun before
        transactions = replace(snapshot, newest=0)  # of a time when nothing happens, its events may be dropped by now
        while self.seen is None or not self.seen.covers(transactions):
            if self.seen is not None and self.looks >= surely:
                return self.seen.newest >= snapshot.newest
            self.on_awaited()
            await asyncio.sleep(_AGAIN_S)
        return True

    def _tell(self, seen: Snapshot, look: Look) -> None:
        """At once: whoever joins sees either all of a look as told already, or none of it."""
        reading = replace(look.reading, newest=max(look.reading.newest, seen.newest))
        told = look.told if seen == look.seen else [each for each in look.told if _is_new(seen, each)]
        for start in range(0, len(told), _BATCH_SIZE):
            some = told[start : start + _BATCH_SIZE]
            whole = start + _BATCH_SIZE >= len(told)
            self._deliver(Batch(seen, reading, self.floor, int(look.at), some, whole))
        if look.mark is not None:
            self.mark(look.mark)
        self._come_to(reading)

    def _come_to(self, now: Snapshot) -> None:
        seen, self.seen = self.seen, now
        while self._marks and self._marks[0].transaction <= now.xmin:
            self.floor = max(self.floor, self._marks.popleft().newest)
        if seen is None or seen.xmin != now.xmin:
            self._held_since = time.monotonic()
        elif time.monotonic() - self._held_since > _HELD_UP_S:
            self._held_since = time.monotonic()
            _log.warning("transaction_open_for_long", xmin=now.xmin)


def _nobody_looks() -> None: ...


def _is_new(seen: Snapshot, told: Told) -> bool:
    return told.event.id > seen.newest or not seen.shows(told.transaction)
