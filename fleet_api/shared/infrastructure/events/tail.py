"""Follows the log from one process: whatever any process tells arrives here once, as soon as it is committed."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg
import structlog

from fleet_api.shared.domain.events import RecordedEvent
from fleet_api.shared.domain.snapshot import Snapshot
from fleet_api.shared.infrastructure.events.connected import connected, for_ever
from fleet_api.shared.infrastructure.events.postgres_event_log import END, NOW, RECORDED, recorded

_POLL_S = 0.25
_AGAIN_S = 0.02
_PAGE_SIZE = 2_000
_HELD_UP_S = 60.0
_MARKS_S = 0.1

# Of the whole log, and each event with the providers above its own: written by hand, beside tenancy.
_COLUMNS = ", ".join(f"e.{column.name}" for column in RECORDED)
_UNSEEN = f"""
SELECT {_COLUMNS}, e.xid::text::bigint, provider.lineage
FROM events e JOIN fleet_providers provider ON provider.id = e.fleet_provider_id
WHERE e.id > $1 AND NOT (pg_visible_in_snapshot(e.xid, (SELECT $2::text::pg_snapshot)) AND e.id <= $4)
  AND pg_visible_in_snapshot(e.xid, (SELECT $3::text::pg_snapshot))
ORDER BY e.id LIMIT {_PAGE_SIZE}
"""  # noqa: S608 - of our own column names

# Greater than the number of any transaction that began before. A snapshot does not tell it: its `xmax` follows the
# greatest that ended, and one that runs may have a greater number.
_NEXT = "SELECT pg_current_xact_id()::text::bigint"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """An event, the transaction that told it, and its provider with all those above it."""

    event: RecordedEvent
    transaction: int
    lineage: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one look found: all that `reading` shows and `seen` does not, or a part of it. floor, at: as in `Position`.

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
    """

    def __init__(self, url: str, deliver: Callable[[Batch], None]) -> None:
        self._url = url
        self._deliver = deliver
        self._rung = asyncio.Event()
        self.seen: Snapshot | None = None
        self.floor = 0
        self._newest = 0
        self._looked_at = ""
        self._looks = 0
        # What was the greatest id when no transaction of that number had begun: it and all later ones get greater ids.
        self._marks: deque[tuple[int, int]] = deque()
        self._marked = 0
        self._marked_at = 0.0
        self._held_since = time.monotonic()

    def ring(self) -> None:
        """Something may have been told."""
        self._rung.set()

    async def run(self) -> None:
        """For ever. A connection that is lost is made again, and nothing is lost with it."""
        await for_ever(self._follow, "tail")

    async def _follow(self) -> None:
        async with connected(self._url, "fleet-api tail") as connection:
            self._looked_at = ""  # the database may be another than it was, if only by a crash
            while True:
                await self._look(connection)
                await self._mark(connection)
                await self._wait()

    async def reached(self, snapshot: Snapshot) -> bool:
        """Waits until all that it shows was delivered. False where there is less in the log than it showed: this is
        not the database that it is of, or it was restored."""
        surely = self._looks + 2  # one may have begun before
        transactions = replace(snapshot, newest=0)  # of a time when nothing happens, its events may be dropped by now
        while self.seen is None or not self.seen.covers(transactions):
            if self.seen is not None and self._looks >= surely:
                return self.seen.newest >= snapshot.newest
            self.ring()
            await asyncio.sleep(_AGAIN_S)
        return True

    async def _wait(self) -> None:
        """For the next ring, or for as long as one may be lost."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_POLL_S):
                await self._rung.wait()

    async def _look(self, connection: asyncpg.Connection) -> None:
        self._rung.clear()  # before: what is told from now on rings again
        if self.seen is None:
            ((text, _, self.floor, self._newest),) = await connection.fetch(END)
            self.seen = replace(Snapshot.parse(text), newest=self._newest)
        elif (text := await connection.fetchval(NOW)) != self._looked_at:
            await self._look_at(connection, self.seen, text)
            self._looked_at = text
        self._looks += 1

    async def _look_at(self, connection: asyncpg.Connection, seen: Snapshot, text: str) -> None:
        pages = [page async for page in self._unseen(connection, seen, text)]
        now = replace(Snapshot.parse(text), newest=self._newest)
        # At once: whoever joins sees either all of a look as told already, or none of it.
        for page in pages:
            whole = page is pages[-1]
            self._deliver(Batch(seen, now, self.floor, int(time.time()), page, whole))
        self._come_to(now)

    async def _unseen(self, connection: asyncpg.Connection, seen: Snapshot, now: str) -> AsyncIterator[Sequence[Told]]:
        after_id, is_last = self.floor, False
        while not is_last:
            rows = await connection.fetch(_UNSEEN, after_id, str(seen), now, seen.newest)
            is_last = len(rows) < _PAGE_SIZE
            if rows:
                after_id = rows[-1][0]
                self._newest = max(self._newest, after_id)
                yield [Told(recorded(row[:-2]), row[-2], row[-1]) for row in rows]

    async def _mark(self, connection: asyncpg.Connection) -> None:
        """Now and then, so that the floor rises: it takes a transaction, even if one that writes nothing."""
        if self._newest > self._marked and time.monotonic() - self._marked_at > _MARKS_S:
            newest = self._newest
            self._marks.append((await connection.fetchval(_NEXT), newest))
            self._marked, self._marked_at = newest, time.monotonic()

    def _come_to(self, now: Snapshot) -> None:
        seen, self.seen = self.seen, now
        while self._marks and self._marks[0][0] <= now.xmin:
            self.floor = max(self.floor, self._marks.popleft()[1])
        if seen is None or seen.xmin != now.xmin:
            self._held_since = time.monotonic()
        elif time.monotonic() - self._held_since > _HELD_UP_S:
            self._held_since = time.monotonic()
            _log.warning("transaction_open_for_long", xmin=now.xmin)
