from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID


class ReportingVehicle(NamedTuple):
    """odometer_m: on the books."""

    provider_id: UUID
    odometer_m: int


class ReportingVehicles(ABC):
    """Vehicles, as far as the viewer may record for them."""

    @abstractmethod
    async def hold(self, ids: Collection[UUID]) -> Mapping[UUID, ReportingVehicle]:
        """Each of them, locked until the unit of work ends, so that one vehicle's points come in one by one.

        Unknown ids are absent.
        """

    @abstractmethod
    async def raise_odometers(self, odometers_m: Mapping[UUID, int]) -> None:
        """Never lowers one. The vehicles' versions stay: nobody edited them."""

    @abstractmethod
    async def holders(self, ids: Collection[UUID]) -> Mapping[UUID, UUID]:
        """The driver who holds each now; those that nobody holds are absent."""

    @abstractmethod
    async def by_vins(self, vins: Collection[str]) -> Mapping[str, UUID]:
        """Of several that bore a VIN one after the other, the one that came last. Unknown ones are absent."""
