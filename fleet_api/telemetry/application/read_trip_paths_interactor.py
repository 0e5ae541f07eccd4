from collections.abc import Mapping, Sequence
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.geometry import Position
from fleet_api.telemetry.domain.trip_repository import TripRepository


class ReadTripPathsInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, Sequence[Position]]]):
    """For each trip, the positions that it led through."""

    requires = Permission.TELEMETRY_READ

    def __init__(self, trips: TripRepository) -> None:
        self._trips = trips

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, Sequence[Position]]]:
        return OutputSuccessContext(await self._trips.paths(dto.keys))
