from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from fleet_api.shared.domain.page import Page, PageRequest
from fleet_api.telemetry.domain.entities.trip import Trip
from fleet_api.telemetry.domain.geometry import Position

MAX_PATH = 500


class TripRepository(ABC):
    """Trips, as far as the viewer may see them."""

    @abstractmethod
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Trip]:
        """Unknown ids are absent."""

    @abstractmethod
    async def under_way(self, vehicles: Collection[UUID]) -> Mapping[UUID, Trip]:
        """The open trip of each vehicle that has one."""

    @abstractmethod
    async def pages_of_vehicles(self, vehicles: Sequence[UUID], page: PageRequest) -> Mapping[UUID, Page[Trip]]:
        """A page for every vehicle, newest first."""

    @abstractmethod
    async def paths(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Position]]:
        """Each trip's positions in their order, at most `MAX_PATH`, thinned evenly, both ends among them."""

    @abstractmethod
    async def save(self, trips: Sequence[Trip]) -> None:
        """Adds those that are new. Of one vehicle, closed ones come before the one under way."""
