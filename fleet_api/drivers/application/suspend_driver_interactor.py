from fleet_api.drivers.application.change_driver_interactor import ChangeDriverInteractor
from fleet_api.drivers.domain.driver_dto import DriverChangeDto
from fleet_api.drivers.domain.driver_repository import DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.session_repository import SessionRepository
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.output_context import OutputErrorContext


class SuspendDriverInteractor(ChangeDriverInteractor[DriverChangeDto]):
    """Stop a driver. Every session of theirs ends with the same commit."""

    def __init__(
        self, drivers: DriverRepository, events: EventPublisher, sessions: SessionRepository, now: Clock
    ) -> None:
        super().__init__(drivers, events)
        self._sessions = sessions
        self._now = now

    async def change(self, driver: Driver, dto: DriverChangeDto, /) -> Driver | OutputErrorContext:
        await self._sessions.revoke_all(driver.id, self._now())
        return driver.suspend()
