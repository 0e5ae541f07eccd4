"""From a request or a socket to its viewer."""

from fleet_api.graphql.standing import StandingWatch
from fleet_api.shared.domain.output_context import OutputErrorContext, Refused
from fleet_api.shared.domain.text import Text
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
        if not await self._standing.stands(viewer):
            raise Refused(session_ended())
        return viewer


def invalid_token() -> OutputErrorContext:
    """Why it does not hold is for us to know: an attacker would learn from it what to forge next."""
    return OutputErrorContext(
        401,
        "INVALID_TOKEN",
        Text("The token does not hold.", "El token no es válido."),
        Text("Send Authorization: Bearer <token>, with a token of ours.", "Envíe Authorization: Bearer <token>."),
    )


def token_expired() -> OutputErrorContext:
    return OutputErrorContext(
        401,
        "TOKEN_EXPIRED",
        Text("The token has expired.", "El token ha caducado."),
        Text(
            "Get a new one. A driver sends refreshToken, without this token.",
            "Obtenga otro. Un conductor envía refreshToken, sin este token.",
        ),
    )


def session_ended() -> OutputErrorContext:
    return OutputErrorContext(
        401,
        "SESSION_ENDED",
        Text("This session has ended.", "Esta sesión ha terminado."),
        Text("Sign in again.", "Inicie sesión de nuevo."),
    )
