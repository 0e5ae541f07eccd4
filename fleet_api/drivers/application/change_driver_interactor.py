from typing import TypeVar

from fleet_api.drivers.domain.driver_dto import DriverChangeDto
from fleet_api.drivers.domain.driver_errors import DRIVER_REFUSALS, unknown_driver
from fleet_api.drivers.domain.driver_repository import DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.application.base_interactor import ChangeInteractor
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.permission import Permission

C = TypeVar("C", bound=DriverChangeDto)


class ChangeDriverInteractor(ChangeInteractor[C, Driver]):
    """What every change of one driver shares."""

    requires = Permission.DRIVERS_WRITE
    refusals = DRIVER_REFUSALS

    def __init__(self, drivers: DriverRepository) -> None:
        self._drivers = drivers

    async def hold(self, dto: C) -> Driver | OutputErrorContext:
        return await self._drivers.hold(dto.driver_id) or unknown_driver()

    async def save(self, thing: Driver) -> None:
        await self._drivers.save(thing)
