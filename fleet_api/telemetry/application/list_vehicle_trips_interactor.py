from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page, PageRequest
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.trip import Trip
from fleet_api.telemetry.domain.trip_repository import TripRepository


class ListVehicleTripsInteractor(BaseInteractor[Batch[UUID, PageRequest], Mapping[UUID, Page[Trip]]]):
    """For each vehicle, a page of its trips, newest first."""

    requires = Permission.TELEMETRY_READ

    def __init__(self, trips: TripRepository) -> None:
        self._trips = trips

    async def process(self, dto: Batch[UUID, PageRequest]) -> OutputContext[Mapping[UUID, Page[Trip]]]:
        return OutputSuccessContext(await self._trips.pages_of_vehicles(dto.keys, dto.asked))
