from abc import ABC, abstractmethod

from fleet_api.shared.domain.page import Page
from fleet_api.telemetry.domain.telemetry_dto import VehiclesWithinAsked
from fleet_api.vehicles.domain.entities.vehicle import Vehicle


class VehicleSearch(ABC):
    """Vehicles by where they are."""

    @abstractmethod
    async def within(self, asked: VehiclesWithinAsked) -> Page[Vehicle]:
        """Those that fit and whose latest position is in the box, oldest on the books first."""
