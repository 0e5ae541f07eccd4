from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_

from fleet_api.shared.domain.page import Direction, Page, PageRequest
from fleet_api.shared.infrastructure.keyset import Keyset
from fleet_api.shared.infrastructure.statements import among, parents_of
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.telemetry.domain.entities.telemetry_point import PointKey, TelemetryPoint
from fleet_api.telemetry.domain.entities.vehicle_metrics import VehicleMetrics
from fleet_api.telemetry.domain.geometry import Bounds
from fleet_api.telemetry.domain.telemetry_dto import PositionsAsked, Span
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository
from fleet_api.telemetry.infrastructure.repositories.metrics_statement import metrics_of
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import latest_telemetry, telemetry_points
from fleet_api.telemetry.infrastructure.repositories.unnested import excluded, insert_all, unnested

_KEY = [telemetry_points.c[name] for name in PointKey._fields]


class PostgresTelemetryRepository(TelemetryRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_keys(self, keys: Sequence[PointKey]) -> Mapping[PointKey, TelemetryPoint]:
        asked = unnested(_KEY, keys)
        named = tuple_(*_KEY).in_(select(*asked.c))
        points = [TelemetryPoint(*row) for row in await self._connection.rows(select(telemetry_points).where(named))]
        return {point.key: point for point in points}

    async def latest(self, vehicles: Collection[UUID]) -> Mapping[UUID, TelemetryPoint]:
        theirs = among(latest_telemetry.c.vehicle_id, list(vehicles))
        rows = await self._connection.rows(select(latest_telemetry).where(theirs))
        return {row.vehicle_id: TelemetryPoint(*row) for row in rows}

    async def odometers_read_at(self, vehicles: Collection[UUID]) -> Mapping[UUID, datetime]:
        # From the newest on, and no farther than to the first that tells it.
        points, asked = telemetry_points.c, parents_of(list(vehicles))
        newest = (
            select(points.recorded_at)
            .where(points.vehicle_id == asked.c.id, points.odometer_m.is_not(None))
            .order_by(points.recorded_at.desc())
            .limit(1)
            .lateral("newest")
        )
        read = select(asked.c.id, newest.c.recorded_at).select_from(asked.join(newest, literal(True)))
        return {row[0]: row[1] for row in await self._connection.rows(read)}

    async def positions(self, asked: PositionsAsked) -> Sequence[TelemetryPoint]:
        fitting: Select[tuple[object, ...]] = select(latest_telemetry)
        if asked.vehicle_ids is not None:
            fitting = fitting.where(among(latest_telemetry.c.vehicle_id, asked.vehicle_ids))
        if asked.box is not None:
            fitting = fitting.where(within(asked.box.bounds))
        if asked.since is not None:
            fitting = fitting.where(latest_telemetry.c.received_at >= asked.since)
        if asked.most is not None:
            fitting = fitting.order_by(latest_telemetry.c.vehicle_id).limit(asked.most)
        return [TelemetryPoint(*row) for row in await self._connection.rows(fitting)]

    async def pages_of_vehicles(
        self, vehicles: Sequence[UUID], span: Span, page: PageRequest
    ) -> Mapping[UUID, Page[TelemetryPoint]]:
        points = telemetry_points.c
        history = Keyset(
            telemetry_points.columns,
            TelemetryPoint,
            points.recorded_at,
            (points.source, points.sequence),
            Direction.DESC,
            (points.recorded_at >= span.start, points.recorded_at < span.end),
        )
        return await history.pages(self._connection, points.vehicle_id, vehicles, page)

    async def metrics(self, vehicles: Sequence[UUID], span: Span) -> Mapping[UUID, VehicleMetrics]:
        rows = await self._connection.rows(metrics_of(vehicles, span))
        return {row[0]: VehicleMetrics(*[*row[1:], span.seconds]) for row in rows}

    async def add(self, points: Sequence[TelemetryPoint]) -> Collection[PointKey]:
        added = insert_all(telemetry_points, points).on_conflict_do_nothing().returning(*_KEY)
        return {PointKey(*row) for row in await self._connection.rows(added)}

    async def move_latest(self, points: Sequence[TelemetryPoint]) -> None:
        moved = insert_all(latest_telemetry, points)
        await self._connection.execute(
            moved.on_conflict_do_update(
                index_elements=["vehicle_id"],
                set_=excluded(moved, latest_telemetry, "vehicle_id"),
                where=moved.excluded.recorded_at > latest_telemetry.c.recorded_at,
            )
        )


def within(bounds: Bounds) -> ColumnElement[bool]:
    """Whether the latest position lies in the box, in the words of its index."""
    here = func.point(latest_telemetry.c.longitude, latest_telemetry.c.latitude)
    boxes = (func.box(func.point(west, bounds.south), func.point(east, bounds.north)) for west, east in bounds.halves)
    return or_(*(here.op("<@", is_comparison=True)(box) for box in boxes))
