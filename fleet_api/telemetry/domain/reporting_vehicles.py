from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from uuid import UUID


class ReportingVehicles(ABC):
    """Vehicles, as far as the viewer may record for them."""

    @abstractmethod
    async def hold(self, ids: Collection[UUID]) -> Mapping[UUID, UUID]:
        """The provider of each, locked until the unit of work ends, so that one vehicle's points come in one by one.

        Unknown ids are absent.
        """

    @abstractmethod
    async def raise_odometers(self, odometers_m: Mapping[UUID, int]) -> None:
        """Never lowers one. The vehicles' versions stay: nobody edited them."""
