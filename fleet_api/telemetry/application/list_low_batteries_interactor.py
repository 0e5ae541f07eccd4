from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.telemetry_dto import LowBatteriesAsked
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository


class ListLowBatteriesInteractor(BaseInteractor[LowBatteriesAsked, Page[TelemetryPoint]]):
    """A page of the latest points that tell of less charge than was asked for, emptiest first."""

    requires = Permission.TELEMETRY_READ

    def __init__(self, telemetry: TelemetryRepository) -> None:
        self._telemetry = telemetry

    async def process(self, dto: LowBatteriesAsked) -> OutputContext[Page[TelemetryPoint]]:
        return OutputSuccessContext(await self._telemetry.low_batteries(dto))
