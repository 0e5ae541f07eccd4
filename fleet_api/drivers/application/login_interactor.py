from collections.abc import Sequence
from dataclasses import replace

from fleet_api.drivers.application.session_interactor import SessionInteractor
from fleet_api.drivers.domain.credentials_repository import Credentials, CredentialsRepository
from fleet_api.drivers.domain.driver_errors import invalid_credentials, several_providers, too_many_attempts
from fleet_api.drivers.domain.driver_events import changed
from fleet_api.drivers.domain.driver_repository import DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_session import DriverSession
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.domain.login_throttle import LoginThrottle
from fleet_api.drivers.domain.session_dto import LoginDto
from fleet_api.drivers.domain.session_repository import SessionRepository
from fleet_api.drivers.domain.sign_in_ports import Passwords
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.deed import Deed
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer


class LoginInteractor(SessionInteractor[LoginDto]):
    """Open a driver's session. The first login of an invited driver accepts the invitation."""

    commits_refusals = True  # a failed login counts

    def __init__(
        self,
        credentials: CredentialsRepository,
        drivers: DriverRepository,
        sessions: SessionRepository,
        throttle: LoginThrottle,
        passwords: Passwords,
        events: EventPublisher,
        viewer: Viewer,
        now: Clock,
    ) -> None:
        super().__init__(sessions)
        self._credentials = credentials
        self._drivers = drivers
        self._throttle = throttle
        self._passwords = passwords
        self._events = events
        self._viewer = viewer
        self._now = now

    async def process(self, dto: LoginDto) -> OutputContext[DriverSession]:
        now, address = self._now(), self._viewer.address
        self._tried = Deed(alike=dto.phone)
        # Counted before it is tried: of many at once, no more than the limit are tried.
        wait_s = await self._throttle.admit(dto.phone, address, now)
        if wait_s is not None:
            return too_many_attempts(wait_s)
        candidates = await self._credentials.by_phone(dto.phone, dto.fleet_provider_id)
        if len(candidates) == 1:
            self._tried = replace(Deed.to(candidates[0].driver), alike=dto.phone)
        proven = await self._proven(candidates, dto.password)
        if not proven:
            return invalid_credentials()
        await self._throttle.forgive(dto.phone, address)
        if len(proven) > 1:
            return several_providers()
        await self._accept_invitation(proven[0])
        session = DriverSession.open(proven[0].fleet_provider_id, proven[0].id, now)
        await self._sessions.add(session)
        return OutputSuccessContext(session)

    async def _proven(self, candidates: Sequence[Credentials], password: str) -> list[Driver]:
        """Those who have that password and may sign in. No candidate at all costs as much as one."""
        hashes: list[str | None] = [candidate.password_hash for candidate in candidates]
        fits = [await self._passwords.verify(hash, password) for hash in hashes or [None]]
        drivers = [candidate.driver for candidate, fit in zip(candidates, fits, strict=False) if fit]
        return [driver for driver in drivers if driver.may_sign_in]

    async def _accept_invitation(self, driver: Driver) -> None:
        if driver.status is not DriverStatus.INVITED:
            return
        accepted = driver.accept()
        if isinstance(accepted, OutputErrorContext):
            return
        await self._drivers.save(accepted)
        event = changed(driver, accepted)
        if event is not None:
            # Nobody was known to ask, and the password told who it is.
            await self._events.by(Viewer(str(driver.id), Role.DRIVER, driver.fleet_provider_id)).publish(event)
