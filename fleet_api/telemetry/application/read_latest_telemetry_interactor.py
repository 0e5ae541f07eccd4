from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository


class ReadLatestTelemetryInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, TelemetryPoint]]):
    """For each vehicle, its latest point; vehicles that never told anything are absent."""

    requires = Permission.TELEMETRY_READ

    def __init__(self, telemetry: TelemetryRepository) -> None:
        self._telemetry = telemetry

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, TelemetryPoint]]:
        return OutputSuccessContext(await self._telemetry.latest(dto.keys))
