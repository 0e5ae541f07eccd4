"""From a request or a socket to its viewer."""

from fleet_api.graphql.authentication_errors import invalid_token, session_ended, token_expired
from fleet_api.graphql.standing import StandingWatch, standing_of
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from fleet_api.shared.infrastructure.auth.invalid_token import InvalidToken, TokenFault
from fleet_api.shared.infrastructure.auth.verifier import TokenVerifier


class Authentication:
    def __init__(self, verifier: TokenVerifier, standing: StandingWatch) -> None:
        self._verifier = verifier
        self._standing = standing

    async def viewer(self, authorization: str | None) -> Viewer:
        """Anonymous without a header. Raises `Refused` (INVALID_TOKEN, SESSION_ENDED) for one that does not hold."""
        if not authorization:
            return ANONYMOUS
        scheme, _, token = authorization.partition(" ")
        try:
            viewer = await self._verifier.verify(token.strip() if scheme.lower() == "bearer" else "")
        except InvalidToken as fault:
            raise Refused(token_expired() if fault.reason_code is TokenFault.EXPIRED else invalid_token()) from None
        standing = standing_of(viewer)
        if standing is not None and not await self._standing.stands(standing):
            raise Refused(session_ended())
        return viewer
