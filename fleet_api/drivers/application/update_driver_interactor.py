from fleet_api.drivers.application.change_driver_interactor import ChangeDriverInteractor
from fleet_api.drivers.domain.credentials_repository import CredentialsRepository
from fleet_api.drivers.domain.driver_dto import UpdateDriverDto
from fleet_api.drivers.domain.driver_events import changed
from fleet_api.drivers.domain.driver_repository import DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.session_repository import SessionRepository
from fleet_api.drivers.domain.sign_in_ports import Passwords
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.events import Event, EventPublisher
from fleet_api.shared.domain.output_context import OutputErrorContext


class UpdateDriverInteractor(ChangeDriverInteractor[UpdateDriverDto]):
    """Correct a driver's record. A new password ends every session that the old one opened."""

    def __init__(
        self,
        drivers: DriverRepository,
        events: EventPublisher,
        credentials: CredentialsRepository,
        sessions: SessionRepository,
        passwords: Passwords,
        now: Clock,
    ) -> None:
        super().__init__(drivers, events)
        self._credentials = credentials
        self._sessions = sessions
        self._passwords = passwords
        self._now = now

    async def change(self, driver: Driver, dto: UpdateDriverDto, /) -> Driver | OutputErrorContext:
        if dto.password:
            await self._credentials.set(driver, await self._passwords.hash(dto.password))
            await self._sessions.revoke_all(driver.id, self._now())
        return driver.update(dto)

    async def event(self, before: Driver, after: Driver, dto: UpdateDriverDto, /) -> Event | None:
        return changed(before, after, *(["password"] if dto.password else ()))
