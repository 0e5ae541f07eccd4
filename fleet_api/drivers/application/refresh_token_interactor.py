from dataclasses import replace

from fleet_api.drivers.application.session_interactor import SessionInteractor
from fleet_api.drivers.domain.driver_errors import invalid_refresh_token
from fleet_api.drivers.domain.entities.driver_session import DriverSession
from fleet_api.drivers.domain.session_dto import SessionDto
from fleet_api.drivers.domain.session_repository import SessionRepository
from fleet_api.drivers.domain.sign_in_ports import RefreshTokenReader
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.deed import Deed
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext


class RefreshTokenInteractor(SessionInteractor[SessionDto]):
    """Exchange the newest refresh token of a session for the next. One that was used before revokes the session."""

    commits_refusals = True  # the revocation stands, although its cause is refused

    def __init__(self, sessions: SessionRepository, tokens: RefreshTokenReader, now: Clock) -> None:
        super().__init__(sessions)
        self._tokens = tokens
        self._now = now

    async def process(self, dto: SessionDto) -> OutputContext[DriverSession]:
        now = self._now()
        named = self._tokens.decode(dto.refresh_token)
        session = await self._sessions.hold(named[0]) if named else None
        if session is not None:
            self._tried = Deed("Driver", session.driver_id, session.fleet_provider_id, alike=str(session.id))
        if named is None or session is None or not session.stands(now):
            return invalid_refresh_token()
        if named[1] != session.generation:
            await self._sessions.save(session.revoke(now))
            self._tried = replace(self._tried, is_lasting=True)
            return invalid_refresh_token()
        rotated = session.rotate(now)
        await self._sessions.save(rotated)
        return OutputSuccessContext(rotated)
