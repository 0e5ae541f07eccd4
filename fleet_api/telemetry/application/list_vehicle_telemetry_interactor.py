from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.telemetry_dto import HistoryAsked
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository


class ListVehicleTelemetryInteractor(BaseInteractor[Batch[UUID, HistoryAsked], Mapping[UUID, Page[TelemetryPoint]]]):
    """For each vehicle, a page of its history, newest first."""

    requires = Permission.TELEMETRY_READ

    def __init__(self, telemetry: TelemetryRepository, now: Clock) -> None:
        self._telemetry = telemetry
        self._now = now

    async def process(self, dto: Batch[UUID, HistoryAsked]) -> OutputContext[Mapping[UUID, Page[TelemetryPoint]]]:
        span = dto.asked.span.resolved(self._now())
        return OutputSuccessContext(await self._telemetry.pages_of_vehicles(dto.keys, span, dto.asked.page))
