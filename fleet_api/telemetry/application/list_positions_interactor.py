from collections.abc import Sequence

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.telemetry_dto import PositionsAsked
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository


class ListPositionsInteractor(BaseInteractor[PositionsAsked, Sequence[TelemetryPoint]]):
    """Where the vehicles are that the viewer may see, one point each: what a watcher of positions asks again and
    again. Vehicles that are not there, or somebody else's, tell nothing."""

    requires = Permission.TELEMETRY_READ

    def __init__(self, telemetry: TelemetryRepository) -> None:
        self._telemetry = telemetry

    async def process(self, dto: PositionsAsked) -> OutputContext[Sequence[TelemetryPoint]]:
        return OutputSuccessContext(await self._telemetry.positions(dto))
