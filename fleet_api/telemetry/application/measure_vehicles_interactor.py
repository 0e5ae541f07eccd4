from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.vehicle_metrics import VehicleMetrics
from fleet_api.telemetry.domain.telemetry_dto import SpanAsked
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository


class MeasureVehiclesInteractor(BaseInteractor[Batch[UUID, SpanAsked], Mapping[UUID, VehicleMetrics]]):
    """For each vehicle, what it did within a span of time."""

    requires = Permission.TELEMETRY_READ

    def __init__(self, telemetry: TelemetryRepository, now: Clock) -> None:
        self._telemetry = telemetry
        self._now = now

    async def process(self, dto: Batch[UUID, SpanAsked]) -> OutputContext[Mapping[UUID, VehicleMetrics]]:
        return OutputSuccessContext(await self._telemetry.metrics(dto.keys, dto.asked.resolved(self._now())))
