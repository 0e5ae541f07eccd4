from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence, Set
from uuid import UUID

from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import Page
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.vehicle_dto import VehicleFilter, VehicleOrder

VehicleListing = Listing[VehicleFilter, VehicleOrder]


class VehicleRepository(ABC):
    """Vehicles, as far as the viewer may see them."""

    @abstractmethod
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Vehicle]:
        """Unknown ids are absent."""

    @abstractmethod
    async def hold(self, id: UUID) -> Vehicle | None:
        """The vehicle, locked until the unit of work ends."""

    @abstractmethod
    async def page(self, listing: VehicleListing) -> Page[Vehicle]: ...

    @abstractmethod
    async def pages_of_providers(
        self, providers: Sequence[UUID], listing: VehicleListing
    ) -> Mapping[UUID, Page[Vehicle]]:
        """A page for every provider."""

    @abstractmethod
    async def count_of_providers(self, providers: Sequence[UUID], statuses: Set[VehicleStatus]) -> Mapping[UUID, int]:
        """How many vehicles each has in one of the states."""

    @abstractmethod
    async def add(self, vehicle: Vehicle) -> None:
        """Raises `ConstraintViolation` when a vehicle that is not retired has its VIN, or its plate in its country."""

    @abstractmethod
    async def save(self, vehicle: Vehicle) -> None:
        """Raises `ConstraintViolation` as `add` does."""
