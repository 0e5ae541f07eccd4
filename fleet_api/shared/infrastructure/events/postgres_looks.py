"""Looks at the log in PostgreSQL, and tells the tail what they found."""

import asyncio
import time
from dataclasses import replace

import asyncpg

from fleet_api.shared.domain.snapshot import Snapshot
from fleet_api.shared.infrastructure.background import for_ever, set_within
from fleet_api.shared.infrastructure.events.connected import connected
from fleet_api.shared.infrastructure.events.postgres_event_log import END, NOW, RECORDED, recorded
from fleet_api.shared.infrastructure.events.tail import Look, Mark, Tail, Told

POLL_S = 0.25
"""For as long a ring may be lost."""
_PAGE_SIZE = 2_000
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


class PostgresLooks:
    """Of one process that looks for itself: at every ring, and now and then."""

    def __init__(self, url: str, tail: Tail) -> None:
        self._url = url
        self._tail = tail
        self._rung = asyncio.Event()
        tail.on_awaited = self.ring

    def ring(self) -> None:
        """Something may have been told."""
        self._rung.set()

    async def run(self) -> None:
        """For ever. A connection that is lost is made again, and nothing is lost with it."""
        await for_ever(self._follow, "tail")

    async def _follow(self) -> None:
        async with connected(self._url, "fleet-api tail") as connection:
            looking = Looking(connection, self._tail)
            while True:
                self._rung.clear()  # before: what is told from now on rings again
                await looking.look()
                await set_within(self._rung, POLL_S)


class Looking:
    """By one connection: with another one the database may be another, too, if only by a crash."""

    def __init__(self, connection: asyncpg.Connection, tail: Tail) -> None:
        self._connection = connection
        self._tail = tail
        self._looked_at = ""
        self._marked = 0
        self._marked_at = 0.0

    async def look(self) -> Look:
        """Tells the tail all that it was not told until now, and answers that."""
        tail = self._tail
        seen, floor, heard_of = tail.seen, tail.floor, tail.heard_of
        if seen is None:
            found = await self._begin()
        elif (text := await self._connection.fetchval(NOW)) == self._looked_at and heard_of <= seen.newest:
            found = Look(seen, seen, time.time(), [])
        else:
            told = await self._unseen(floor, seen, text)
            newest = max(seen.newest, heard_of, told[-1].event.id if told else 0)
            now = replace(Snapshot.parse(text), newest=newest)
            found = Look(seen, now, time.time(), told)
            if now.covers(seen):
                tail.take(found)
            else:
                tail.go_back(found)
            self._looked_at = text
        tail.looks += 1
        tail.told_at = time.monotonic()
        return await self._marked_by(found)

    async def _begin(self) -> Look:
        ((text, at, floor, newest),) = await self._connection.fetch(END)
        first = replace(Snapshot.parse(text), newest=newest)
        self._tail.begin(first, floor)
        return Look(first, first, at, [])

    async def _unseen(self, after_id: int, seen: Snapshot, now: str) -> list[Told]:
        told: list[Told] = []
        while True:
            rows = await self._connection.fetch(_UNSEEN, after_id, str(seen), now, seen.newest)
            told += [Told(recorded(row[:-2]), row[-2], row[-1]) for row in rows]
            if len(rows) < _PAGE_SIZE:
                return told
            after_id = told[-1].event.id

    async def _marked_by(self, look: Look) -> Look:
        """Now and then with a mark, so that floors rise: it takes a transaction, even if one that writes nothing."""
        newest = look.reading.newest
        if newest <= self._marked or time.monotonic() - self._marked_at < _MARKS_S:
            return look
        mark = Mark(await self._connection.fetchval(_NEXT), newest)
        self._marked, self._marked_at = newest, time.monotonic()
        self._tail.mark(mark)
        return replace(look, mark=mark)
