from fleet_api.drivers.application.change_driver_interactor import ChangeDriverInteractor
from fleet_api.drivers.domain.driver_dto import DriverChangeDto
from fleet_api.drivers.domain.driver_repository import DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.output_context import OutputErrorContext


class ActivateDriverInteractor(ChangeDriverInteractor[DriverChangeDto]):
    """Let a driver drive whose papers were verified, or a suspended one again."""

    def __init__(self, drivers: DriverRepository, events: EventPublisher, now: Clock) -> None:
        super().__init__(drivers, events)
        self._now = now

    async def change(self, driver: Driver, dto: DriverChangeDto, /) -> Driver | OutputErrorContext:
        return driver.activate(self._now().date())
