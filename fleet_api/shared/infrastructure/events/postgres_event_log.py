from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Float, Text, and_, bindparam, case, cast, func, select
from sqlalchemy.types import UserDefinedType

from fleet_api.shared.domain.event_log import EventLog, EventPage, EventsAsked, Position
from fleet_api.shared.domain.events import SORTS, RecordedEvent
from fleet_api.shared.domain.snapshot import Snapshot
from fleet_api.shared.infrastructure.connections import Connection
from fleet_api.shared.infrastructure.events.event_cursors import EventCursors
from fleet_api.shared.infrastructure.events.events_table import events
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among
from fleet_api.shared.infrastructure.tenancy import TenantConnection

PAGE_SIZE = 2_000

RECORDED = (
    events.c.id,
    events.c.kind,
    events.c.subject_id,
    events.c.sequence,
    events.c.fleet_provider_id,
    events.c.driver_id,
    events.c.object_id,
    events.c.before,
    events.c.after,
    events.c.changed,
    events.c.actor,
    events.c.occurred_at,
)
"""The columns of an event, in the order of `RecordedEvent`'s fields."""

# Written by hand: they look at no row of anybody. Whatever began before the last hour has ended by now.
END = """
SELECT pg_current_snapshot()::text, extract(epoch FROM now())::bigint,
  coalesce((SELECT max(id) FROM events WHERE occurred_at < now() - interval '1 hour'), 0),
  coalesce((SELECT max(id) FROM events), 0)
"""
NOW = "SELECT pg_current_snapshot()::text"
_REACHES = """
SELECT min(to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD')) <= to_timestamp($1) AT TIME ZONE 'UTC'
FROM pg_inherits WHERE inhparent = 'events'::regclass
"""


class PgSnapshot(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "pg_snapshot"


class PostgresEventLog(EventLog):
    def __init__(self, raw: Connection, connection: TenantConnection, cursors: EventCursors, audience: str) -> None:
        self._raw = raw
        self._connection = connection
        self._cursors = cursors
        self._audience = audience

    def position(self, cursor: str) -> Position:
        return self._cursors.position(cursor, self._audience)

    async def page(self, asked: EventsAsked) -> EventPage:
        watch = asked.watch
        given = {"subjects": watch.subjects, "drivers": watch.drivers, "objects": watch.objects}
        values: dict[str, Any] = {name: list(ids) for name, ids in given.items() if ids is not None}
        if watch.passing is not None:
            values["passing"] = watch.passing
        found = await self._connection.read(
            _page(frozenset(values)),
            kinds=list(watch.kinds),
            seen=str(asked.seen),
            seen_newest=asked.seen.newest,
            until=str(asked.until),
            until_newest=asked.until.newest,
            after_id=asked.after_id,
            **values,
        )
        return EventPage([recorded(row) for row in found], len(found) < PAGE_SIZE)

    async def reaches_back_to(self, at: int) -> bool:
        return bool((await self._raw.fetch(_REACHES, (at,)))[0][0])

    async def end(self) -> str:
        ((text, at, floor, newest),) = await self._raw.fetch(END, ())
        now = replace(Snapshot.parse(text), newest=newest)
        return self._cursors.stem(Position(now, now, floor, 0, at), self._audience) + "0"


def recorded(row: Sequence[Any]) -> RecordedEvent:
    return SORTS[row[1]].recorded_as(*row)


@cache
def _page(given: frozenset[str]) -> Prepared:
    """With the conditions whose parameters are given."""
    told = events.c
    conditions = {
        "subjects": among(told.subject_id, "subjects"),
        "drivers": among(told.driver_id, "drivers"),
        "objects": among(told.object_id, "objects"),
        "passing": _fell_below("passing"),
    }
    return Prepared(
        select(*RECORDED)
        .where(
            told.id > bindparam("after_id"),
            among(told.kind, "kinds"),
            ~_shown("seen"),
            _shown("until"),
            *(conditions[name] for name in sorted(given)),
        )
        .order_by(told.id)
        .limit(PAGE_SIZE)
    )


def _fell_below(limit: str) -> ColumnElement[bool]:
    # Only where it is a number: PostgreSQL is free to look at any condition first.
    fell = and_(cast(events.c.before, Float) >= bindparam(limit), cast(events.c.after, Float) < bindparam(limit))
    return case((among(events.c.kind, "kinds"), fell), else_=False)


def _shown(snapshot: str) -> ColumnElement[bool]:
    # Read once, and not for every row.
    parsed = select(cast(cast(bindparam(snapshot), Text), PgSnapshot)).scalar_subquery()
    visible = func.pg_visible_in_snapshot(events.c.xid, parsed)
    return and_(visible, events.c.id <= bindparam(f"{snapshot}_newest"))
