"""What goes wrong, and how often while the events flow. Each fault says what it did, or that it did nothing."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.fault.apis import Api
from benchmarks.fault.followers import Phone
from benchmarks.fault.world import World
from benchmarks.worlds import plain
from fleet_api.drivers.domain.driver_events import DriverEventKind
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.events.postgres_event_publisher import PostgresEventPublisher

HOLDER = Viewer.system()
"""Who holds a transaction open."""

_AGAIN, _AGAIN_S = 6, 0.1
_HELD_S = 3.0
_UNREAD_S = 9.0
_QUIET_S = 0.5
# Until the tails have seen them; now and then the disk has them as soon.
_SEEN_S = 0.03
_TRIES = 5
_PATIENCE_S = 30.0
_GREATEST = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_TO_FORGET = "DO $$ BEGIN FOR n IN 1..200 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
_TERMINATE = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND datname = current_database()"""
_NAMED = f"{_TERMINATE} AND application_name = $1"
_NEWEST = f"{_NAMED} AND backend_start = (SELECT max(backend_start) FROM pg_stat_activity WHERE application_name = $1)"


class NothingHappenedError(Exception):
    """The fault was none, so that what was seen proves nothing."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where faults happen. may_write: while it is set, writers write. promised: what faults themselves told, by actor
    and kind."""

    world: World
    apis: Sequence[Api]
    phone: Phone
    may_write: asyncio.Event
    promised: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Fault:
    """strike: does it once and says what it did. times: how often."""

    name: str
    about: str
    strike: Callable[[Stage], Awaitable[str]]
    times: int = 2


async def _calm(_: Stage) -> str:
    return "nothing"


async def _kill_listen(stage: Stage) -> str:
    return f"{await _terminate(stage, 'fleet-api doorbell')} ended"


async def _kill_tail(stage: Stage) -> str:
    """All of them, and then one process's again and again, so that the other is ahead of it for a while."""
    ended = await _terminate(stage, "fleet-api tail")
    for _ in range(_AGAIN):
        await asyncio.sleep(_AGAIN_S)
        ended += await _count(stage, _NEWEST, "fleet-api tail")
    return f"{ended} ended"


async def _kill_backends(stage: Stage) -> str:
    return f"{await _terminate(stage)} ended"


async def _restart_postgres(stage: Stage) -> str:
    before, began = stage.world.postmaster(), time.monotonic()
    stage.world.stop_postgres_immediately()
    while time.monotonic() - began < _PATIENCE_S:
        await asyncio.sleep(0.02)
        if stage.world.postmaster() not in {before, None} and await _answers(stage):
            return f"{time.monotonic() - began:.1f} s away"
    raise NothingHappenedError("PostgreSQL did not come back")


async def _restart_forgetful(stage: Stage) -> str:
    """With transactions ended that nobody waited for: PostgreSQL forgets them, and gives their numbers out again."""
    stage.may_write.clear()
    for _ in range(_TRIES):
        await asyncio.sleep(_QUIET_S)
        before = await _greatest(stage, _TO_FORGET, "NOTIFY fleet_told")
        await asyncio.sleep(_SEEN_S)
        away = await _restart_postgres(stage)
        forgotten = before - await _greatest(stage)
        if forgotten > 0:
            stage.may_write.set()
            return f"{away}, {forgotten} transactions forgotten"
    raise NothingHappenedError("PostgreSQL forgot nothing")


async def _kill_api(stage: Stage) -> str:
    """The one that serves the longer, so that each has its turn."""
    api = min(stage.apis, key=lambda api: api.started_at)
    began = time.monotonic()
    ended = await asyncio.to_thread(api.kill)
    if ended != -9:
        raise NothingHappenedError(f"the process ended with {ended}")
    await asyncio.to_thread(api.start)
    return f"{time.monotonic() - began:.1f} s away"


async def _stop_reading(stage: Stage) -> str:
    before = stage.phone.closings
    stage.phone.stop_reading()
    await asyncio.sleep(_UNREAD_S)
    stage.phone.read_again()
    began = time.monotonic()
    while stage.phone.closings == before:
        if time.monotonic() - began > _PATIENCE_S:
            raise NothingHappenedError("a client that did not read was never given up")
        await asyncio.sleep(0.02)
    return "given up"


async def _hold_transaction(stage: Stage) -> str:
    """Its event gets its number, and the log's id, long before it is there for others."""
    provider = stage.world.providers[0]
    driver = provider.drivers[-1]
    kind = DriverEventKind.DRIVER_UPDATED
    engine = create_async_engine(stage.world.url)
    try:
        async with engine.begin() as connection:
            publisher = PostgresEventPublisher(Transaction(connection), HOLDER)
            await publisher.publish(Event(kind, driver, provider.id, driver_id=driver, changed=("locale",)))
            await asyncio.sleep(_HELD_S)
    finally:
        await engine.dispose()
    stage.promised[HOLDER.actor, kind] += 1
    return f"open for {_HELD_S:.0f} s"


async def _greatest(stage: Stage, *statements: str) -> int:
    """After these, the number that follows all transactions that ended."""
    connection = await asyncpg.connect(plain(stage.world.url))
    try:
        for statement in statements:
            await connection.execute(statement)
        return int(await connection.fetchval(_GREATEST))
    finally:
        await connection.close()


async def _terminate(stage: Stage, *name: str) -> int:
    count = await _count(stage, _NAMED if name else _TERMINATE, *name)
    if not count:
        raise NothingHappenedError("there was no such connection")
    return count


async def _count(stage: Stage, statement: str, *arguments: str) -> int:
    connection = await asyncpg.connect(plain(stage.world.url))
    try:
        return int(await connection.fetchval(statement, *arguments))
    finally:
        await connection.close()


async def _answers(stage: Stage) -> bool:
    try:
        connection = await asyncpg.connect(plain(stage.world.url), timeout=1)
    except (OSError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True


FAULTS = [
    Fault("calm", "nothing goes wrong", _calm, times=0),
    Fault("kill-listen", "the connections that LISTEN are killed", _kill_listen, times=4),
    Fault("kill-tail", "the connections that read the log are killed", _kill_tail, times=4),
    Fault("kill-backends", "all connections to the database are killed at once", _kill_backends, times=3),
    Fault("restart-postgres", "PostgreSQL stops immediately and starts again", _restart_postgres, times=3),
    Fault("restart-forgetful", "and forgets transactions that wrote nothing", _restart_forgetful),
    Fault("kill-api", "an API process is killed with -9, and started again", _kill_api),
    Fault("stop-reading", "a client stops reading", _stop_reading),
    Fault("hold-transaction", "a transaction that told something stays open for 3 s", _hold_transaction),
]
