from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from fleet_api.drivers.application.list_drivers_interactor import may_filter
from fleet_api.drivers.domain.driver_repository import DriverListing, DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.shared_errors import forbidden
from fleet_api.shared.domain.viewer import Viewer


class ListProviderDriversInteractor(BaseInteractor[Batch[UUID, DriverListing], Mapping[UUID, Page[Driver]]]):
    """For each provider, a page of its drivers."""

    requires = Permission.DRIVERS_READ

    def __init__(self, drivers: DriverRepository, viewer: Viewer) -> None:
        self._drivers = drivers
        self._viewer = viewer

    async def validate(self, dto: Batch[UUID, DriverListing]) -> Literal[True] | OutputErrorContext:
        return may_filter(dto.asked, self._viewer) or forbidden()

    async def process(self, dto: Batch[UUID, DriverListing]) -> OutputContext[Mapping[UUID, Page[Driver]]]:
        return OutputSuccessContext(await self._drivers.pages_of_providers(dto.keys, dto.asked))
