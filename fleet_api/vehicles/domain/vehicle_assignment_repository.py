from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import Page
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.vehicle_assignment_dto import VehicleAssignmentOrder

VehicleAssignmentListing = Listing[None, VehicleAssignmentOrder]


class VehicleAssignmentRepository(ABC):
    """Who holds and held what, as far as the viewer may see it."""

    @abstractmethod
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, VehicleAssignment]:
        """Unknown ids are absent."""

    @abstractmethod
    async def open_one(self, vehicle_id: UUID) -> VehicleAssignment | None:
        """The assignment of the driver who holds the vehicle, if one does."""

    @abstractmethod
    async def free_since(self, vehicle_id: UUID, driver_id: UUID) -> datetime | None:
        """When the last ended assignment of either ended; None when neither has one."""

    @abstractmethod
    async def current_drivers(self, vehicles: Sequence[UUID]) -> Mapping[UUID, Driver]:
        """Who holds each vehicle; those that nobody holds are absent."""

    @abstractmethod
    async def current_vehicles(self, drivers: Sequence[UUID]) -> Mapping[UUID, Vehicle]:
        """What each driver holds; those who hold none are absent."""

    @abstractmethod
    async def pages_of_vehicles(
        self, vehicles: Sequence[UUID], listing: VehicleAssignmentListing
    ) -> Mapping[UUID, Page[VehicleAssignment]]:
        """A page for every vehicle."""

    @abstractmethod
    async def pages_of_drivers(
        self, drivers: Sequence[UUID], listing: VehicleAssignmentListing
    ) -> Mapping[UUID, Page[VehicleAssignment]]:
        """A page for every driver."""

    @abstractmethod
    async def add(self, assignment: VehicleAssignment) -> None:
        """Raises `ConstraintViolation` when it overlaps another one of its vehicle or of its driver."""

    @abstractmethod
    async def save(self, assignment: VehicleAssignment) -> None: ...
