from collections.abc import Mapping
from uuid import UUID

from fleet_api.drivers.domain.driver_repository import DriverRepository
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission


class CountProviderDriversInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, int]]):
    """For each provider, how many drivers it has who are not offboarded."""

    requires = Permission.DRIVERS_READ

    def __init__(self, drivers: DriverRepository) -> None:
        self._drivers = drivers

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, int]]:
        return OutputSuccessContext(await self._drivers.count_of_providers(dto.keys))
