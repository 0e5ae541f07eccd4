from fleet_api.drivers.application.session_interactor import SessionInteractor
from fleet_api.drivers.domain.driver_errors import invalid_refresh_token
from fleet_api.drivers.domain.entities.driver_session import DriverSession
from fleet_api.drivers.domain.session_dto import SessionDto
from fleet_api.drivers.domain.session_repository import SessionRepository
from fleet_api.drivers.domain.sign_in_ports import RefreshTokenReader
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext


class LogoutInteractor(SessionInteractor[SessionDto]):
    """End a session: any of its refresh tokens may do that, old ones too."""

    def __init__(self, sessions: SessionRepository, tokens: RefreshTokenReader, now: Clock) -> None:
        super().__init__(sessions)
        self._tokens = tokens
        self._now = now

    async def process(self, dto: SessionDto) -> OutputContext[DriverSession]:
        named = self._tokens.decode(dto.refresh_token)
        session = await self._sessions.hold(named[0]) if named else None
        if session is None:
            return invalid_refresh_token()
        ended = session.revoke(self._now())
        await self._sessions.save(ended)
        return OutputSuccessContext(ended)
