from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Select, Table, func, insert, literal, select, update

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.infrastructure.repositories.drivers_table import drivers
from fleet_api.shared.domain.page import Page
from fleet_api.shared.infrastructure.keyset import Keyset, Order
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among, parents_of
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.vehicle_assignment_dto import VehicleAssignmentOrder, VehicleAssignmentOrderField
from fleet_api.vehicles.domain.vehicle_assignment_repository import (
    VehicleAssignmentListing,
    VehicleAssignmentRepository,
)
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicle_assignments, vehicles

_columns = vehicle_assignments.c
_ORDERS = {VehicleAssignmentOrderField.STARTED_AT: _columns.started_at}


_BY_IDS = Prepared(select(vehicle_assignments).where(among(_columns.id, "ids")), VehicleAssignment)
_LISTED = Keyset(vehicle_assignments, VehicleAssignment)


def _current(one: Column[UUID], others: Table, other: str) -> Select[Any]:
    """For each of the parents, which `one` names, the row of `others` that it is assigned to now.

    Assignments of one thing never overlap, so that only the latest can be open: one step in the index.
    """
    parents = parents_of("parents")
    latest = (
        select(_columns[other], _columns.ended_at)
        .where(one == parents.c.id)
        .order_by(_columns.started_at.desc(), _columns.id.desc())
        .limit(1)
        .lateral("latest")
    )
    held = parents.join(latest, literal(True)).join(others, others.c.id == latest.c[other])
    return select(parents.c.id, *others.columns).select_from(held).where(latest.c.ended_at.is_(None))


_CURRENT_DRIVERS = Prepared(_current(_columns.vehicle_id, drivers, "driver_id"), Driver, keys=1)
_CURRENT_VEHICLES = Prepared(_current(_columns.driver_id, vehicles, "vehicle_id"), Vehicle, keys=1)


class PostgresVehicleAssignmentRepository(VehicleAssignmentRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, VehicleAssignment]:
        return {assignment.id: assignment for assignment in await self._connection.read(_BY_IDS, ids=ids)}

    async def open_one(self, vehicle_id: UUID) -> VehicleAssignment | None:
        open_ones = _columns.vehicle_id == vehicle_id, _columns.ended_at.is_(None)
        row = await self._connection.row(select(vehicle_assignments).where(*open_ones))
        return VehicleAssignment(*row) if row else None

    async def free_since(self, vehicle_id: UUID, driver_id: UUID) -> datetime | None:
        # Two steps in two indexes, however many there were: of spans that never overlap, the last to start ends last.
        ended = select(_columns.ended_at).where(_columns.ended_at.is_not(None))
        latest = ended.order_by(_columns.started_at.desc(), _columns.id.desc()).limit(1)
        of_either = (
            latest.where(one == id).scalar_subquery()
            for one, id in ((_columns.vehicle_id, vehicle_id), (_columns.driver_id, driver_id))
        )
        row = await self._connection.row(select(func.greatest(*of_either)))
        return row[0] if row else None

    async def current_drivers(self, vehicles: Sequence[UUID]) -> Mapping[UUID, Driver]:
        return dict(await self._connection.read(_CURRENT_DRIVERS, parents=vehicles))

    async def current_vehicles(self, drivers: Sequence[UUID]) -> Mapping[UUID, Vehicle]:
        return dict(await self._connection.read(_CURRENT_VEHICLES, parents=drivers))

    async def pages_of_vehicles(
        self, vehicles: Sequence[UUID], listing: VehicleAssignmentListing
    ) -> Mapping[UUID, Page[VehicleAssignment]]:
        return await _LISTED.pages(self._connection, listing.page, _order(listing), _columns.vehicle_id, vehicles, {})

    async def pages_of_drivers(
        self, drivers: Sequence[UUID], listing: VehicleAssignmentListing
    ) -> Mapping[UUID, Page[VehicleAssignment]]:
        return await _LISTED.pages(self._connection, listing.page, _order(listing), _columns.driver_id, drivers, {})

    async def add(self, assignment: VehicleAssignment) -> None:
        await self._connection.execute(insert(vehicle_assignments).values(asdict(assignment)))

    async def save(self, assignment: VehicleAssignment) -> None:
        statement = update(vehicle_assignments).where(_columns.id == assignment.id).values(asdict(assignment))
        await self._connection.execute(statement)


def _order(listing: VehicleAssignmentListing) -> Order:
    by = listing.order_by or VehicleAssignmentOrder()
    return Order(_ORDERS[by.field], by.direction)
