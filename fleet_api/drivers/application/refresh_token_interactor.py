from fleet_api.drivers.domain.driver_errors import invalid_refresh_token
from fleet_api.drivers.domain.entities.driver_session import DriverSession
from fleet_api.drivers.domain.session_dto import SessionDto
from fleet_api.drivers.domain.session_repository import SessionRepository
from fleet_api.drivers.domain.sign_in_ports import RefreshTokenReader
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission


class RefreshTokenInteractor(BaseInteractor[SessionDto, DriverSession]):
    """Exchange the newest refresh token of a session for the next. One that was used before revokes the session."""

    requires = Permission.SIGN_IN
    commits_refusals = True  # the revocation stands, although its cause is refused

    def __init__(self, sessions: SessionRepository, tokens: RefreshTokenReader, now: Clock) -> None:
        self._sessions = sessions
        self._tokens = tokens
        self._now = now

    async def process(self, dto: SessionDto) -> OutputContext[DriverSession]:
        now = self._now()
        named = self._tokens.decode(dto.refresh_token)
        session = await self._sessions.hold(named[0]) if named else None
        if named is None or session is None or not session.stands(now):
            return invalid_refresh_token()
        if named[1] != session.generation:
            await self._sessions.save(session.revoke(now))
            return invalid_refresh_token()
        rotated = session.rotate(now)
        await self._sessions.save(rotated)
        return OutputSuccessContext(rotated)
