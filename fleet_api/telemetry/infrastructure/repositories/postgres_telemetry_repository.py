from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, literal, select, tuple_

from fleet_api.shared.domain.page import Direction, Page, PageRequest
from fleet_api.shared.infrastructure.keyset import Keyset, Order
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among, parents_of
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.telemetry.domain.entities.telemetry_point import PointKey, TelemetryPoint
from fleet_api.telemetry.domain.entities.vehicle_metrics import VehicleMetrics
from fleet_api.telemetry.domain.points import Points
from fleet_api.telemetry.domain.telemetry_dto import LowBatteriesAsked, PositionsAsked, Span
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository
from fleet_api.telemetry.infrastructure.repositories.metrics_statement import METRICS
from fleet_api.telemetry.infrastructure.repositories.positions_within import WITHIN, boxes
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import latest_telemetry, telemetry_points
from fleet_api.telemetry.infrastructure.repositories.unnested import arrays, excluded, insert_all, unnested

_points = telemetry_points.c
_KEY = [_points[name] for name in PointKey._fields]
_BY_KEYS = Prepared(select(telemetry_points).where(tuple_(*_KEY).in_(select(*unnested(_KEY).c))), TelemetryPoint)
_LATEST = Prepared(select(latest_telemetry).where(among(latest_telemetry.c.vehicle_id, "vehicles")), TelemetryPoint)
_HISTORY = Keyset(
    telemetry_points,
    TelemetryPoint,
    _points.recorded_at >= bindparam("start"),
    _points.recorded_at < bindparam("end"),
    tie=(_points.source, _points.sequence),
)
_LOW = Keyset(
    latest_telemetry,
    TelemetryPoint,
    latest_telemetry.c.state_of_charge_pct < bindparam("below_pct"),
    tie=(latest_telemetry.c.vehicle_id,),
)
_EMPTIEST_FIRST = Order(latest_telemetry.c.state_of_charge_pct)
_NEWEST_FIRST = Order(_points.recorded_at, Direction.DESC)


def _known() -> Select[Any]:
    """The places, from 1, of the given keys that are there."""
    given = unnested(_KEY, "place").c
    return select(given.place).where(*(column == given[column.name] for column in _KEY))


_KNOWN = Prepared(_known())
_ADDED = Prepared(insert_all(telemetry_points, "received_at").on_conflict_do_nothing())
_moved = insert_all(latest_telemetry, "received_at")
_MOVED = Prepared(
    _moved.on_conflict_do_update(
        index_elements=["vehicle_id"],
        set_=excluded(_moved, latest_telemetry, "vehicle_id"),
        where=_moved.excluded.recorded_at > latest_telemetry.c.recorded_at,
    )
)


def _odometers_read() -> Select[Any]:
    """From the newest on, and no farther than to the first that tells it."""
    asked = parents_of("parents")
    newest = (
        select(_points.recorded_at)
        .where(_points.vehicle_id == asked.c.id, _points.odometer_m.is_not(None))
        .order_by(_points.recorded_at.desc())
        .limit(1)
        .lateral("newest")
    )
    return select(asked.c.id, newest.c.recorded_at).select_from(asked.join(newest, literal(True)))


_ODOMETERS_READ = Prepared(_odometers_read())


@cache
def _positions(given: frozenset[str]) -> Prepared:
    """With the conditions whose parameters are given."""
    told = latest_telemetry.c
    conditions = {
        "vehicles": among(told.vehicle_id, "vehicles"),
        "since": told.received_at >= bindparam("since"),
        "box": WITHIN[0],
        "western_half": WITHIN[1],
    }
    fitting = select(latest_telemetry).where(*(conditions[name] for name in conditions if name in given))
    return Prepared(fitting.order_by(told.vehicle_id), TelemetryPoint)


class PostgresTelemetryRepository(TelemetryRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_keys(self, keys: Sequence[PointKey]) -> Mapping[PointKey, TelemetryPoint]:
        return {point.key: point for point in await self._connection.read(_BY_KEYS, **arrays(_KEY, keys))}

    async def latest(self, vehicles: Collection[UUID]) -> Mapping[UUID, TelemetryPoint]:
        return {point.vehicle_id: point for point in await self._connection.read(_LATEST, vehicles=vehicles)}

    async def odometers_read_at(self, vehicles: Collection[UUID]) -> Mapping[UUID, datetime]:
        return {row[0]: row[1] for row in await self._connection.read(_ODOMETERS_READ, parents=vehicles)}

    async def positions(self, asked: PositionsAsked) -> Sequence[TelemetryPoint]:
        given = {"vehicles": asked.vehicle_ids, "since": asked.since}
        given = {name: value for name, value in given.items() if value is not None}
        if asked.bounds is not None:
            given |= boxes(asked.bounds)
        return await self._connection.read(_positions(frozenset(given)), **given)

    async def low_batteries(self, asked: LowBatteriesAsked) -> Page[TelemetryPoint]:
        return await _LOW.page(self._connection, asked.page, _EMPTIEST_FIRST, {"below_pct": float(asked.below_pct)})

    async def pages_of_vehicles(
        self, vehicles: Sequence[UUID], span: Span, page: PageRequest
    ) -> Mapping[UUID, Page[TelemetryPoint]]:
        within, of = {"start": span.start, "end": span.end}, telemetry_points.c.vehicle_id
        return await _HISTORY.pages(self._connection, page, _NEWEST_FIRST, of, vehicles, within)

    async def metrics(self, vehicles: Sequence[UUID], span: Span) -> Mapping[UUID, VehicleMetrics]:
        rows = await self._connection.read(METRICS, vehicles=vehicles, start=span.start, end=span.end)
        return {row[0]: VehicleMetrics(*[*row[1:], span.seconds]) for row in rows}

    async def known(self, points: Points) -> Collection[int]:
        keys = {f"given_{column.name}": points.column(column.name) for column in _KEY}
        return {row[0] - 1 for row in await self._connection.read(_KNOWN, **keys)}

    async def add(self, points: Points) -> None:
        await self._connection.write(_ADDED, **_columns_of(points))

    async def move_latest(self, points: Points) -> None:
        await self._connection.write(_MOVED, **_columns_of(points))


def _columns_of(points: Points) -> Mapping[str, Any]:
    names = [name for name in _points.keys() if name != "received_at"]  # noqa: SIM118 - columns are no dict
    return {**{f"given_{name}": points.column(name) for name in names}, "received_at": points.received_at}
