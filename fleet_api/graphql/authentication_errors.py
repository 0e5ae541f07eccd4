"""Why somebody who holds a token is not let in, or no longer."""

from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.text import Text


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
