from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Float, Select, bindparam, delete, insert, or_, select, tuple_

from fleet_api.shared.domain.page import Direction, Page, PageRequest
from fleet_api.shared.infrastructure.keyset import Keyset, Order
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among, containing, given, like
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.geofence_crossing import GeofenceCrossing
from fleet_api.telemetry.domain.geofence_dto import GeofenceOrder, GeofenceOrderField
from fleet_api.telemetry.domain.geofence_repository import GeofenceListing, GeofenceRepository
from fleet_api.telemetry.domain.geometry import Bounds
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import (
    geofence_crossings,
    geofence_presences,
    geofences,
)
from fleet_api.telemetry.infrastructure.repositories.unnested import all_of, arrays, insert_all, unnested

_ORDERS = {GeofenceOrderField.CREATED_AT: geofences.c.id, GeofenceOrderField.NAME: geofences.c.name}
_BY_IDS = Prepared(select(geofences).where(among(geofences.c.id, "ids")), Geofence)
_CROSSINGS_BY_IDS = Prepared(select(geofence_crossings).where(among(geofence_crossings.c.id, "ids")), GeofenceCrossing)
_LISTED = Keyset(geofences, Geofence, like(geofences.c.name, "search"))
_CROSSINGS = Keyset(geofence_crossings, GeofenceCrossing)
_NEWEST_FIRST = Order(geofence_crossings.c.crossed_at, Direction.DESC)
_PAIR = [geofence_presences.c.geofence_id, geofence_presences.c.vehicle_id]


def _near() -> Select[Any]:
    """Those that meet a box, of which a half may lie beyond the antimeridian, and those that the vehicles are in."""
    fence = geofences.c
    halves = [[bindparam(f"{half}{edge}", type_=Float) for edge in ("west", "east")] for half in ("", "other_")]
    meeting = or_(
        # Over the antimeridian it takes more than two comparisons: whoever watches will see.
        fence.west > fence.east,
        *((fence.west <= east) & (fence.east >= west) for west, east in halves),
    )
    around = (
        (fence.south <= bindparam("north", type_=Float)) & (fence.north >= bindparam("south", type_=Float)) & meeting
    )
    occupied = select(geofence_presences.c.geofence_id).where(among(geofence_presences.c.vehicle_id, "vehicles"))
    return (
        select(geofences)
        .where(among(fence.fleet_provider_id, "providers"), or_(around, fence.id.in_(occupied)))
        .order_by(fence.id)
        .with_for_update(read=True, key_share=True)
    )


_NEAR = Prepared(_near(), Geofence)
_INSIDE = Prepared(select(*_PAIR).where(among(geofence_presences.c.vehicle_id, "vehicles")))
_CROSSED = Prepared(insert_all(geofence_crossings))
_LEFT = Prepared(delete(geofence_presences).where(tuple_(*_PAIR).in_(select(*unnested(_PAIR).c))))
_present = insert_all(geofence_presences)
# Who went out and came in again within one call was there before it, too.
_ENTERED = Prepared(
    _present.on_conflict_do_update(
        index_elements=[column.name for column in _PAIR], set_={"entered_at": _present.excluded.entered_at}
    )
)


class PostgresGeofenceRepository(GeofenceRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Geofence]:
        return {geofence.id: geofence for geofence in await self._connection.read(_BY_IDS, ids=ids)}

    async def hold(self, id: UUID) -> Geofence | None:
        row = await self._connection.row(select(geofences).where(geofences.c.id == id).with_for_update())
        return Geofence(*row) if row else None

    async def page(self, listing: GeofenceListing) -> Page[Geofence]:
        by = listing.order_by or GeofenceOrder()
        order, asked = Order(_ORDERS[by.field], by.direction), given(listing.filter, search=containing)
        return await _LISTED.page(self._connection, listing.page, order, asked)

    async def add(self, geofence: Geofence) -> None:
        await self._connection.execute(insert(geofences).values(asdict(geofence)))

    async def remove(self, geofence: Geofence) -> None:
        for table in (geofence_crossings, geofence_presences):
            await self._connection.execute(delete(table).where(table.c.geofence_id == geofence.id))
        await self._connection.execute(delete(geofences).where(geofences.c.id == geofence.id))

    async def near(self, vehicles: Collection[UUID], providers: Collection[UUID], bounds: Bounds) -> Sequence[Geofence]:
        halves = bounds.halves
        edges = {"west": halves[0][0], "east": halves[0][1], "other_west": halves[-1][0], "other_east": halves[-1][1]}
        edges |= {"south": bounds.south, "north": bounds.north}
        return await self._connection.read(_NEAR, vehicles=vehicles, providers=providers, **edges)

    async def inside(self, vehicles: Collection[UUID]) -> Collection[tuple[UUID, UUID]]:
        return {(row[0], row[1]) for row in await self._connection.read(_INSIDE, vehicles=vehicles)}

    async def record(
        self,
        crossings: Sequence[GeofenceCrossing],
        entered: Collection[GeofenceCrossing],
        left: Collection[tuple[UUID, UUID]],
    ) -> None:
        await self._connection.write(_CROSSED, **all_of(geofence_crossings, crossings))
        if left:
            await self._connection.write(_LEFT, **arrays(_PAIR, left))
        if entered:
            rows = [(c.fleet_provider_id, c.geofence_id, c.vehicle_id, c.crossed_at) for c in entered]
            await self._connection.write(_ENTERED, **arrays(geofence_presences.columns, rows))

    async def crossings_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, GeofenceCrossing]:
        return {crossing.id: crossing for crossing in await self._connection.read(_CROSSINGS_BY_IDS, ids=ids)}

    async def pages_of_crossings(
        self, fences: Sequence[UUID], page: PageRequest
    ) -> Mapping[UUID, Page[GeofenceCrossing]]:
        of = geofence_crossings.c.geofence_id
        return await _CROSSINGS.pages(self._connection, page, _NEWEST_FIRST, of, fences, {})
