from typing import TypeVar

from fleet_api.drivers.domain import driver_events
from fleet_api.drivers.domain.driver_dto import DriverChangeDto
from fleet_api.drivers.domain.driver_errors import DRIVER_REFUSALS, unknown_driver
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.application.held_interactor import ChangeInteractor
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.permission import Permission

C = TypeVar("C", bound=DriverChangeDto)


class ChangeDriverInteractor(ChangeInteractor[C, Driver]):
    """What every change of one driver shares."""

    requires = Permission.DRIVERS_WRITE
    refusals = DRIVER_REFUSALS
    unknown = unknown_driver()

    async def event(self, before: Driver, after: Driver, dto: C, /) -> Event | None:
        return driver_events.changed(before, after)
