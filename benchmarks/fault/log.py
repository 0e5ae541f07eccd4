"""What happened, as the database has it: asked in plain SQL, by nobody of the product's code."""

from collections.abc import Sequence

import asyncpg

from benchmarks.fault.checker import Happened, Mark
from benchmarks.fault.followers import Sees
from benchmarks.worlds import plain

_HAPPENED = """
SELECT e.actor, e.occurred_at, e.kind, e.subject_id, e.sequence
FROM events e JOIN fleet_providers p ON p.id = e.fleet_provider_id
WHERE e.id > $1 AND ({condition}) ORDER BY e.id"""

ALL = Sees("$2::uuid IS NULL")


async def end_of_log(url: str) -> int:
    """The id of the last event; 0 where there is none."""
    connection = await asyncpg.connect(plain(url))
    try:
        return int(await connection.fetchval("SELECT coalesce(max(id), 0) FROM events"))
    finally:
        await connection.close()


async def happened(url: str, after_id: int, *sights: Sees) -> list[Sequence[Happened]]:
    """What each of them is to be told of, in order."""
    connection = await asyncpg.connect(plain(url))
    try:
        found = []
        for sees in sights:
            rows = await connection.fetch(_HAPPENED.format(condition=sees.condition), after_id, sees.argument)
            found.append([Happened(Mark(*row[:3]), row[3], row[4]) for row in rows])
        return found
    finally:
        await connection.close()
