from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import Page, PageRequest
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.geofence_crossing import GeofenceCrossing
from fleet_api.telemetry.domain.geofence_dto import GeofenceFilter, GeofenceOrder
from fleet_api.telemetry.domain.geometry import Bounds

GeofenceListing = Listing[GeofenceFilter, GeofenceOrder]


class GeofenceRepository(ABC):
    """Geofences and their crossings, as far as the viewer may see them."""

    @abstractmethod
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Geofence]:
        """Unknown ids are absent."""

    @abstractmethod
    async def hold(self, id: UUID) -> Geofence | None:
        """The geofence, locked until the unit of work ends."""

    @abstractmethod
    async def page(self, listing: GeofenceListing) -> Page[Geofence]: ...

    @abstractmethod
    async def add(self, geofence: Geofence) -> None:
        """Raises `ConstraintViolation` when its name is taken at its provider."""

    @abstractmethod
    async def remove(self, geofence: Geofence) -> None:
        """With its crossings."""

    @abstractmethod
    async def near(self, vehicles: Collection[UUID], providers: Collection[UUID], bounds: Bounds) -> Sequence[Geofence]:
        """The providers' geofences that meet the bounds, and all where one of the vehicles is inside.

        None of them can be removed until the unit of work ends.
        """

    @abstractmethod
    async def inside(self, vehicles: Collection[UUID]) -> Collection[tuple[UUID, UUID]]:
        """The (geofence, vehicle) pairs of who is where."""

    @abstractmethod
    async def record(
        self,
        crossings: Sequence[GeofenceCrossing],
        entered: Collection[GeofenceCrossing],
        left: Collection[tuple[UUID, UUID]],
    ) -> None:
        """Keeps the crossings, and who is where after them."""

    @abstractmethod
    async def crossings_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, GeofenceCrossing]:
        """Unknown ids are absent."""

    @abstractmethod
    async def pages_of_crossings(
        self, geofences: Sequence[UUID], page: PageRequest
    ) -> Mapping[UUID, Page[GeofenceCrossing]]:
        """A page for every geofence, newest first."""
