"""Every refusal of GraphQL over HTTP, and the headers that go with it."""

from fleet_api.graphql.http.headers import Headers
from fleet_api.graphql.http.terms import EVENT_STREAM, JSON, RESPONSE
from fleet_api.shared.domain.output_context import OutputErrorContext, Refused
from fleet_api.shared.domain.text import Text

CODINGS = "gzip, deflate"


class HttpRefused(Refused):
    def __init__(self, refusal: OutputErrorContext, headers: Headers | None = None) -> None:
        super().__init__(refusal)
        self.headers: Headers = headers or {}


def bad_request(message: Text, description: Text | None = None) -> HttpRefused:
    return HttpRefused(OutputErrorContext(400, "BAD_REQUEST", message, description))


def body_cut_off() -> HttpRefused:
    return bad_request(
        Text("The request ended before its body did.", "La petición terminó antes que su cuerpo."),
        Text("Send it again.", "Envíela de nuevo."),
    )


def broken_compression(coding: str) -> HttpRefused:
    return bad_request(
        Text(f"The body is not {coding}.", f"El cuerpo no es {coding}."),
        Text("Compress all of it, once.", "Comprímalo entero, una sola vez."),
    )


def body_too_large(most: int) -> HttpRefused:
    return HttpRefused(
        OutputErrorContext(
            413,
            "BODY_TOO_LARGE",
            Text(f"A request is at most {most} bytes.", f"Una petición tiene como máximo {most} bytes."),
            Text("Send less at a time; compressing does not help.", "Envíe menos cada vez; comprimir no ayuda."),
        )
    )


def unsupported_media_type() -> HttpRefused:
    return HttpRefused(
        OutputErrorContext(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            Text("A request is JSON in UTF-8.", "Una petición es JSON en UTF-8."),
            Text(f"Send Content-Type: {JSON}.", f"Envíe Content-Type: {JSON}."),
        ),
        {b"accept-post": JSON.encode()},
    )


def unsupported_coding() -> HttpRefused:
    return HttpRefused(
        OutputErrorContext(
            415,
            "UNSUPPORTED_CONTENT_ENCODING",
            Text(
                "The body is compressed in a way that we do not know.",
                "El cuerpo viene comprimido de forma desconocida.",
            ),
            Text(f"Use one of {CODINGS}, or none.", f"Use uno de {CODINGS}, o ninguno."),
        ),
        {b"accept-encoding": CODINGS.encode()},
    )


def not_acceptable() -> HttpRefused:
    return HttpRefused(
        OutputErrorContext(
            406,
            "NOT_ACCEPTABLE",
            Text("Your Accept names nothing that we have.", "Su Accept no nombra nada que tengamos."),
            Text(f"Accept {RESPONSE}, {JSON} or {EVENT_STREAM}.", f"Acepte {RESPONSE}, {JSON} o {EVENT_STREAM}."),
        )
    )


def coding_not_acceptable() -> HttpRefused:
    return HttpRefused(
        OutputErrorContext(
            406,
            "NOT_ACCEPTABLE",
            Text(
                "Your Accept-Encoding allows nothing that we have.", "Su Accept-Encoding no permite nada que tengamos."
            ),
            Text("Accept gzip or identity.", "Acepte gzip o identity."),
        )
    )


def method_not_allowed() -> HttpRefused:
    return HttpRefused(
        OutputErrorContext(405, "METHOD_NOT_ALLOWED", Text("Ask with GET or POST.", "Pregunte con GET o POST.")),
        {b"allow": b"GET, POST, OPTIONS"},
    )


def only_queries() -> HttpRefused:
    return HttpRefused(
        OutputErrorContext(
            405,
            "METHOD_NOT_ALLOWED",
            Text("GET runs queries only.", "GET solo ejecuta consultas."),
            Text("Send mutations with POST.", "Envíe las mutaciones con POST."),
        ),
        {b"allow": b"POST"},
    )


def subscription_needs_a_stream() -> HttpRefused:
    return bad_request(
        Text("A subscription has more than one answer.", "Una suscripción tiene más de una respuesta."),
        Text(
            f"Subscribe over WebSocket, or accept {EVENT_STREAM} alone.",
            f"Suscríbase por WebSocket, o acepte solo {EVENT_STREAM}.",
        ),
    )


def stream_needs_chunks() -> HttpRefused:
    return bad_request(
        Text("A stream comes in chunks.", "Un flujo llega en trozos."),
        Text("Ask with HTTP/1.1.", "Pregunte con HTTP/1.1."),
    )


def foreign_origin() -> HttpRefused:
    return HttpRefused(
        OutputErrorContext(
            403,
            "ORIGIN_NOT_ALLOWED",
            Text("A page of that origin may not ask here.", "Una página de ese origen no puede preguntar aquí."),
            Text(
                "Have the operator name it in FLEET_ALLOWED_ORIGINS.",
                "Pida al operador que lo incluya en FLEET_ALLOWED_ORIGINS.",
            ),
        )
    )


def token_in_url(parameter: str) -> HttpRefused:
    return HttpRefused(
        OutputErrorContext(
            400,
            "TOKEN_IN_URL",
            Text(
                f"The parameter {parameter} does not belong into an address: logs keep those.",
                f"El parámetro {parameter} no debe ir en una dirección: los registros las guardan.",
            ),
            Text(
                "Send Authorization: Bearer …, and take a new token.",
                "Envíe Authorization: Bearer …, y obtenga otro token.",
            ),
        )
    )


def header_twice(name: str) -> HttpRefused:
    return bad_request(
        Text(f"The header {name} came twice.", f"La cabecera {name} llegó dos veces."),
        Text("Send it once.", "Envíela una sola vez."),
    )


def parameter_twice(name: str) -> HttpRefused:
    return bad_request(
        Text(f"The parameter {name} came twice.", f"El parámetro {name} llegó dos veces."),
        Text("Send it once.", "Envíelo una sola vez."),
    )


def not_a_query_string() -> HttpRefused:
    return bad_request(
        Text(
            "The address has too many parameters, or is not UTF-8.",
            "La dirección tiene demasiados parámetros, o no es UTF-8.",
        ),
        Text("Send the request with POST.", "Envíe la petición con POST."),
    )


def malformed_key() -> HttpRefused:
    return HttpRefused(
        OutputErrorContext(
            400,
            "INVALID_IDEMPOTENCY_KEY",
            Text(
                "Idempotency-Key has 1 to 128 visible ASCII characters.",
                "Idempotency-Key tiene de 1 a 128 caracteres ASCII visibles.",
            ),
            Text("A UUID will do.", "Un UUID sirve."),
        )
    )


def key_for_several() -> HttpRefused:
    return HttpRefused(
        OutputErrorContext(
            400,
            "IDEMPOTENCY_KEY_FOR_SEVERAL",
            Text(
                "One Idempotency-Key cannot stand for several mutations.",
                "Una Idempotency-Key no puede servir para varias mutaciones.",
            ),
            Text(
                "Give each its own input.idempotencyKey, without the header.",
                "Dé a cada una su input.idempotencyKey, sin la cabecera.",
            ),
        )
    )
