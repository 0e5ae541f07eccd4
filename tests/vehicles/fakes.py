"""Vehicles, models and assignments in memory, as the ports describe them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.domain.output_context import ConstraintViolation
from fleet_api.shared.domain.page import Page
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.entities.vehicle_status import ON_THE_BOOKS, VehicleStatus
from fleet_api.vehicles.domain.vehicle_assignment_repository import (
    VehicleAssignmentListing,
    VehicleAssignmentRepository,
)
from fleet_api.vehicles.domain.vehicle_fields import bare_plate
from fleet_api.vehicles.domain.vehicle_model_dto import ImportedModels
from fleet_api.vehicles.domain.vehicle_model_repository import VehicleModelListing, VehicleModelRepository
from fleet_api.vehicles.domain.vehicle_repository import VehicleListing, VehicleRepository
from tests.support.pages import page_of


class FakeVehicleRepository(VehicleRepository):
    def __init__(self, *vehicles: Vehicle) -> None:
        self.rows = {vehicle.id: vehicle for vehicle in vehicles}

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Vehicle]:
        return {id: self.rows[id] for id in ids if id in self.rows}

    async def hold(self, id: UUID) -> Vehicle | None:
        return self.rows.get(id)

    async def page(self, listing: VehicleListing) -> Page[Vehicle]:
        return page_of(list(self.rows.values()), listing.page)

    async def pages_of_providers(
        self, providers: Sequence[UUID], listing: VehicleListing
    ) -> Mapping[UUID, Page[Vehicle]]:
        return {id: page_of(self._of(id), listing.page) for id in providers}

    async def count_of_providers(self, providers: Sequence[UUID], statuses: Set[VehicleStatus]) -> Mapping[UUID, int]:
        return {id: sum(row.status in statuses for row in self._of(id)) for id in providers}

    async def add(self, vehicle: Vehicle) -> None:
        if any(row.vin == vehicle.vin for row in self._others(vehicle)):
            raise ConstraintViolation("uq_vehicles_vin")
        await self.save(vehicle)

    async def save(self, vehicle: Vehicle) -> None:
        if any(_plate(row) == _plate(vehicle) for row in self._others(vehicle)):
            raise ConstraintViolation("uq_vehicles_plate_country_plate")
        self.rows[vehicle.id] = vehicle

    def _others(self, vehicle: Vehicle) -> list[Vehicle]:
        """Those on the books beside it."""
        return [row for row in self.rows.values() if row.id != vehicle.id and row.status in ON_THE_BOOKS]

    def _of(self, provider_id: UUID) -> list[Vehicle]:
        return [row for row in self.rows.values() if row.fleet_provider_id == provider_id]


class FakeVehicleModelRepository(VehicleModelRepository):
    def __init__(self, *models: VehicleModel) -> None:
        self.rows = {model.id: model for model in models}

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, VehicleModel]:
        return {id: self.rows[id] for id in ids if id in self.rows}

    async def page(self, listing: VehicleModelListing) -> Page[VehicleModel]:
        return page_of(list(self.rows.values()), listing.page)

    async def put(self, models: Sequence[VehicleModel]) -> ImportedModels:
        known = {_key(row): row for row in self.rows.values()}
        last = {_key(model): model for model in models}
        inserted = [model for key, model in last.items() if key not in known]
        kept = [(known[key], replace(model, id=known[key].id)) for key, model in last.items() if key in known]
        updated = [after for before, after in kept if before != after]
        self.rows |= {model.id: model for model in [*inserted, *updated]}
        return ImportedModels(len(inserted), len(updated), len(models) - len(inserted) - len(updated))


class FakeVehicleAssignmentRepository(VehicleAssignmentRepository):
    """Looks the vehicles and drivers of its assignments up in those that it is given."""

    def __init__(self, vehicles: Sequence[Vehicle] = (), drivers: Sequence[Driver] = ()) -> None:
        self.rows: dict[UUID, VehicleAssignment] = {}
        self._vehicles = {vehicle.id: vehicle for vehicle in vehicles}
        self._drivers = {driver.id: driver for driver in drivers}

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, VehicleAssignment]:
        return {id: self.rows[id] for id in ids if id in self.rows}

    async def open_one(self, vehicle_id: UUID) -> VehicleAssignment | None:
        return next((row for row in self._open() if row.vehicle_id == vehicle_id), None)

    async def free_since(self, vehicle_id: UUID, driver_id: UUID) -> datetime | None:
        of_either = (row for row in self.rows.values() if vehicle_id == row.vehicle_id or driver_id == row.driver_id)
        return max((row.ended_at for row in of_either if row.ended_at), default=None)

    async def current_drivers(self, vehicles: Sequence[UUID]) -> Mapping[UUID, Driver]:
        return {row.vehicle_id: self._drivers[row.driver_id] for row in self._open() if row.vehicle_id in vehicles}

    async def current_vehicles(self, drivers: Sequence[UUID]) -> Mapping[UUID, Vehicle]:
        return {row.driver_id: self._vehicles[row.vehicle_id] for row in self._open() if row.driver_id in drivers}

    async def pages_of_vehicles(
        self, vehicles: Sequence[UUID], listing: VehicleAssignmentListing
    ) -> Mapping[UUID, Page[VehicleAssignment]]:
        return {
            id: page_of([row for row in self.rows.values() if row.vehicle_id == id], listing.page) for id in vehicles
        }

    async def pages_of_drivers(
        self, drivers: Sequence[UUID], listing: VehicleAssignmentListing
    ) -> Mapping[UUID, Page[VehicleAssignment]]:
        return {id: page_of([row for row in self.rows.values() if row.driver_id == id], listing.page) for id in drivers}

    async def add(self, assignment: VehicleAssignment) -> None:
        for row in self.rows.values():
            if row.ended_at and row.ended_at <= assignment.started_at:
                continue
            if row.vehicle_id == assignment.vehicle_id:
                raise ConstraintViolation("ex_vehicle_assignments_vehicle")
            if row.driver_id == assignment.driver_id:
                raise ConstraintViolation("ex_vehicle_assignments_driver")
        self.rows[assignment.id] = assignment

    async def save(self, assignment: VehicleAssignment) -> None:
        self.rows[assignment.id] = assignment

    def _open(self) -> list[VehicleAssignment]:
        return [row for row in self.rows.values() if row.ended_at is None]


def _plate(vehicle: Vehicle) -> tuple[str, str]:
    return vehicle.plate_country, bare_plate(vehicle.plate)


def _key(model: VehicleModel) -> tuple[str, str, str, int]:
    return model.make, model.name, model.variant, model.year
