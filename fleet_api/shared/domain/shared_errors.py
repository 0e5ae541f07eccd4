"""Every refusal that more than one context gives."""

from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.text import Text


def invalid_input(
    code: str, message: Text, field: str | None = None, description: Text | None = None
) -> OutputErrorContext:
    return OutputErrorContext(400, code, message, description, field)


def conflict(code: str, message: Text, field: str | None = None, description: Text | None = None) -> OutputErrorContext:
    return OutputErrorContext(409, code, message, description, field)


def not_found(field: str | None = None) -> OutputErrorContext:
    """The same words for an unknown id and for somebody else's, so that they cannot be told apart."""
    return OutputErrorContext(
        404,
        "NOT_FOUND",
        Text("There is no such thing, or you may not see it.", "No existe, o usted no puede verlo."),
        Text("Check the id that you sent.", "Compruebe el id que envió."),
        field,
    )


def unauthenticated() -> OutputErrorContext:
    return OutputErrorContext(
        401,
        "UNAUTHENTICATED",
        Text("Sign in first.", "Inicie sesión primero."),
        Text("Send a valid token: Authorization: Bearer ….", "Envíe un token válido: Authorization: Bearer …."),
    )


def forbidden() -> OutputErrorContext:
    return OutputErrorContext(
        403,
        "FORBIDDEN",
        Text("Your role may not do this.", "Su rol no permite hacer esto."),
        Text("Ask an administrator of your fleet.", "Consulte con un administrador de su flota."),
    )


def unavailable() -> OutputErrorContext:
    return OutputErrorContext(
        503,
        "UNAVAILABLE",
        Text("The service cannot answer right now.", "El servicio no puede responder ahora."),
        Text("Nothing was changed. Try again in a few seconds.", "Nada ha cambiado. Inténtelo en unos segundos."),
    )


def unavailable_while_committing() -> OutputErrorContext:
    """The connection was lost between the commit and its receipt: nobody can tell whether it took place."""
    return OutputErrorContext(
        503,
        "OUTCOME_UNKNOWN",
        Text("The service cannot tell whether this was done.", "El servicio no sabe si esto llegó a hacerse."),
        Text(
            "Send it again with the same idempotencyKey, or look first.",
            "Envíelo de nuevo con la misma idempotencyKey, o compruébelo antes.",
        ),
    )


def too_many_ids(most: int, field: str) -> OutputErrorContext:
    return invalid_input("TOO_MANY_IDS", Text(f"Ask for at most {most}.", f"Pida como máximo {most}."), field)


def internal_error() -> OutputErrorContext:
    return OutputErrorContext(
        500,
        "INTERNAL_ERROR",
        Text("Something went wrong on our side.", "Algo ha fallado por nuestra parte."),
        Text("Nothing was changed. Quote the request id.", "Nada ha cambiado. Indique el id de la petición."),
    )


def stale_version(current: int) -> OutputErrorContext:
    return conflict(
        "STALE_VERSION",
        Text("Somebody changed this since you read it.", "Alguien lo ha modificado desde que usted lo leyó."),
        "input.expectedVersion",
        Text(
            f"It is at version {current} now. Read it again and decide.",
            f"Ahora está en la versión {current}. Vuelva a leerlo y decida.",
        ),
    )


def idempotency_key_reused() -> OutputErrorContext:
    return conflict(
        "IDEMPOTENCY_KEY_REUSED",
        Text(
            "This idempotency key was already used with another body.",
            "Esta clave de idempotencia ya se usó con otro contenido.",
        ),
        "input.idempotencyKey",
        Text("Use a new key for a new request.", "Use una clave nueva para una petición nueva."),
    )


def idempotency_keys_differ() -> OutputErrorContext:
    return invalid_input(
        "IDEMPOTENCY_KEYS_DIFFER",
        Text(
            "The header Idempotency-Key and the input have different keys.",
            "La cabecera Idempotency-Key y la entrada tienen claves distintas.",
        ),
        "input.idempotencyKey",
        Text("Send one of them, or the same twice.", "Envíe una de ellas, o la misma dos veces."),
    )


def illegal_transition(thing: Text, current: str, wanted: str) -> OutputErrorContext:
    return conflict(
        "ILLEGAL_TRANSITION",
        Text(
            f"{thing.en} that is {current} cannot become {wanted}.",
            f"{thing.es} en estado {current} no puede pasar a {wanted}.",
        ),
    )
