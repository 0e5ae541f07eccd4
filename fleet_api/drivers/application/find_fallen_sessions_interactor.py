from collections.abc import Sequence

from fleet_api.drivers.domain.session_repository import SessionRepository, Standing
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission


class FindFallenSessionsInteractor(BaseInteractor[Sequence[Standing], Sequence[Standing]]):
    """Of those who hold a token, who lost the right to use it: suspended, offboarded, or their session revoked."""

    requires = Permission.SESSIONS_READ

    def __init__(self, sessions: SessionRepository) -> None:
        self._sessions = sessions

    async def process(self, dto: Sequence[Standing]) -> OutputContext[Sequence[Standing]]:
        return OutputSuccessContext(await self._sessions.fallen(dto))
