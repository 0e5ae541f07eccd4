from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.trip import Trip
from fleet_api.telemetry.domain.trip_repository import TripRepository


class ReadTripsInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, Trip]]):
    """Trips by id; those that the viewer may not see are absent."""

    requires = Permission.TELEMETRY_READ

    def __init__(self, trips: TripRepository) -> None:
        self._trips = trips

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, Trip]]:
        return OutputSuccessContext(await self._trips.by_ids(dto.keys))
