from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select

from fleet_api.shared.domain.page import Direction, Page, PageRequest
from fleet_api.shared.infrastructure.keyset import Keyset, Order
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.telemetry.domain.entities.trip import Trip
from fleet_api.telemetry.domain.geometry import Position
from fleet_api.telemetry.domain.trip_repository import MAX_PATH, TripRepository
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import telemetry_points, trips
from fleet_api.telemetry.infrastructure.repositories.unnested import all_of, excluded, insert_all

_LISTED = Keyset(trips, Trip)
_NEWEST_FIRST = Order(trips.c.started_at, Direction.DESC)
_UNDER_WAY = Prepared(
    select(trips).where(among(trips.c.vehicle_id, "vehicles"), trips.c.ended_at.is_(None)), Trip, always=("vehicle_id",)
)
_saved = insert_all(trips)
_SAVED = Prepared(_saved.on_conflict_do_update(index_elements=["id"], set_=excluded(_saved, trips, "id")))
_BY_IDS = Prepared(select(trips).where(among(trips.c.id, "ids")), Trip)


def _paths() -> Select[Any]:
    points = telemetry_points.c
    in_time = [points.recorded_at, points.source, points.sequence]
    numbered = (
        select(
            points.latitude,
            points.longitude,
            func.row_number().over(order_by=in_time).label("number"),
            func.count().over().label("total"),
        )
        .where(
            points.vehicle_id == trips.c.vehicle_id,
            points.recorded_at >= trips.c.started_at,
            or_(trips.c.ended_at.is_(None), points.recorded_at <= trips.c.ended_at),
        )
        .correlate(trips)
        .lateral("numbered")
    )
    # The points fall into as many equal steps as the path may have, and the first of each step is kept.
    steps = numbered.c.number - 1, numbered.c.number - 2
    this, before = ((step * (MAX_PATH - 1)) // func.greatest(numbered.c.total - 1, 1) for step in steps)
    return (
        select(trips.c.id, numbered.c.latitude, numbered.c.longitude)
        .select_from(trips.join(numbered, literal(True)))
        .where(among(trips.c.id, "ids"), or_(numbered.c.number == 1, this != before))
        .order_by(trips.c.id, numbered.c.number)
    )


_PATHS = Prepared(_paths())


class PostgresTripRepository(TripRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Trip]:
        return {trip.id: trip for trip in await self._connection.read(_BY_IDS, ids=ids)}

    async def under_way(self, vehicles: Collection[UUID]) -> Mapping[UUID, Trip]:
        return {trip.vehicle_id: trip for trip in await self._connection.read(_UNDER_WAY, vehicles=vehicles)}

    async def pages_of_vehicles(self, vehicles: Sequence[UUID], page: PageRequest) -> Mapping[UUID, Page[Trip]]:
        return await _LISTED.pages(self._connection, page, _NEWEST_FIRST, trips.c.vehicle_id, vehicles, {})

    async def paths(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Position]]:
        paths: dict[UUID, list[Position]] = {id: [] for id in ids}
        for id, latitude, longitude in await self._connection.read(_PATHS, ids=ids):
            paths[id].append(Position(latitude, longitude))
        return paths

    async def save(self, changed: Sequence[Trip]) -> None:
        await self._connection.write(_SAVED, **all_of(trips, changed))
