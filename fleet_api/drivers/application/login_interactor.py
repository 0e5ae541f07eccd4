from collections.abc import Sequence

from fleet_api.drivers.domain.driver_errors import invalid_credentials, too_many_attempts
from fleet_api.drivers.domain.driver_repository import DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_session import DriverSession
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.domain.session_dto import LoginDto
from fleet_api.drivers.domain.session_repository import (
    Credentials,
    CredentialsRepository,
    LoginThrottle,
    SessionRepository,
)
from fleet_api.drivers.domain.sign_in_ports import Passwords
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.viewer import Viewer


class LoginInteractor(BaseInteractor[LoginDto, DriverSession]):
    """Open a driver's session. The first login of an invited driver accepts the invitation."""

    requires = Permission.SIGN_IN
    commits_refusals = True  # a failed login counts

    def __init__(
        self,
        credentials: CredentialsRepository,
        drivers: DriverRepository,
        sessions: SessionRepository,
        throttle: LoginThrottle,
        passwords: Passwords,
        viewer: Viewer,
        now: Clock,
    ) -> None:
        self._credentials = credentials
        self._drivers = drivers
        self._sessions = sessions
        self._throttle = throttle
        self._passwords = passwords
        self._viewer = viewer
        self._now = now

    async def process(self, dto: LoginDto) -> OutputContext[DriverSession]:
        now = self._now()
        if not await self._throttle.admits(dto.phone, self._viewer.address, now):
            return too_many_attempts()
        candidates = await self._credentials.by_phone(dto.phone, dto.fleet_provider_id)
        driver = await self._proven(candidates, dto.password)
        if driver is None or not driver.may_sign_in:
            await self._throttle.record_failure(dto.phone, self._viewer.address, now)
            return invalid_credentials()
        await self._accept_invitation(driver)
        session = DriverSession.open(driver.fleet_provider_id, driver.id, now)
        await self._sessions.add(session)
        return OutputSuccessContext(session)

    async def _proven(self, candidates: Sequence[Credentials], password: str) -> Driver | None:
        for candidate in candidates:
            if await self._passwords.verify(candidate.password_hash, password):
                return candidate.driver
        if not candidates:
            await self._passwords.verify(None, password)
        return None

    async def _accept_invitation(self, driver: Driver) -> None:
        if driver.status is DriverStatus.INVITED:
            accepted = driver.accept()
            if not isinstance(accepted, OutputErrorContext):
                await self._drivers.save(accepted)
