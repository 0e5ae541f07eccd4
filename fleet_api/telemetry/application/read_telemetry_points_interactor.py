from collections.abc import Mapping

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.telemetry_point import PointKey, TelemetryPoint
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository


class ReadTelemetryPointsInteractor(BaseInteractor[Batch[PointKey, None], Mapping[PointKey, TelemetryPoint]]):
    """Points by their keys; those that the viewer may not see are absent."""

    requires = Permission.TELEMETRY_READ

    def __init__(self, telemetry: TelemetryRepository) -> None:
        self._telemetry = telemetry

    async def process(self, dto: Batch[PointKey, None]) -> OutputContext[Mapping[PointKey, TelemetryPoint]]:
        return OutputSuccessContext(await self._telemetry.by_keys(dto.keys))
