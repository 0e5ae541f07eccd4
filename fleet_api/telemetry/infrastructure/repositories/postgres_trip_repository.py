from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select

from fleet_api.shared.domain.page import Direction, Page, PageRequest
from fleet_api.shared.infrastructure.keyset import Keyset
from fleet_api.shared.infrastructure.statements import among
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.telemetry.domain.entities.trip import Trip
from fleet_api.telemetry.domain.geometry import Position
from fleet_api.telemetry.domain.trip_repository import MAX_PATH, TripRepository
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import telemetry_points, trips
from fleet_api.telemetry.infrastructure.repositories.unnested import excluded, insert_all

_NEWEST = Keyset(trips.columns, Trip, trips.c.started_at, trips.c.id, Direction.DESC)


class PostgresTripRepository(TripRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Trip]:
        rows = await self._connection.rows(select(trips).where(among(trips.c.id, ids)))
        return {row.id: Trip(*row) for row in rows}

    async def under_way(self, vehicles: Collection[UUID]) -> Mapping[UUID, Trip]:
        theirs = among(trips.c.vehicle_id, list(vehicles)), trips.c.ended_at.is_(None)
        rows = await self._connection.rows(select(trips).where(*theirs))
        return {row.vehicle_id: Trip(*row) for row in rows}

    async def pages_of_vehicles(self, vehicles: Sequence[UUID], page: PageRequest) -> Mapping[UUID, Page[Trip]]:
        return await _NEWEST.pages(self._connection, trips.c.vehicle_id, vehicles, page)

    async def paths(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Position]]:
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
        kept = and_(among(trips.c.id, ids), or_(numbered.c.number == 1, this != before))
        path = (
            select(trips.c.id, numbered.c.latitude, numbered.c.longitude)
            .select_from(trips.join(numbered, literal(True)))
            .where(kept)
            .order_by(trips.c.id, numbered.c.number)
        )
        paths: dict[UUID, list[Position]] = {id: [] for id in ids}
        for id, latitude, longitude in await self._connection.rows(path):
            paths[id].append(Position(latitude, longitude))
        return paths

    async def save(self, changed: Sequence[Trip]) -> None:
        saved = insert_all(trips, changed)
        await self._connection.execute(
            saved.on_conflict_do_update(index_elements=["id"], set_=excluded(saved, trips, "id"))
        )
