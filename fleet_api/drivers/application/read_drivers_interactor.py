from collections.abc import Mapping
from uuid import UUID

from fleet_api.drivers.domain.driver_repository import DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission


class ReadDriversInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, Driver]]):
    """Drivers by id; those that the viewer may not see are absent."""

    requires = Permission.DRIVERS_READ

    def __init__(self, drivers: DriverRepository) -> None:
        self._drivers = drivers

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, Driver]]:
        return OutputSuccessContext(await self._drivers.by_ids(dto.keys))
