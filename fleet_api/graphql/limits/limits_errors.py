"""Every refusal of an operation that asks for too much."""

from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.shared_errors import invalid_input
from fleet_api.shared.domain.text import Text


def document_too_large(most: int) -> OutputErrorContext:
    return _over(
        "DOCUMENT_TOO_LARGE",
        Text(f"A document is at most {most} bytes.", f"Un documento tiene como máximo {most} bytes."),
        Text("Put what it works on into variables.", "Ponga en variables aquello con lo que trabaja."),
    )


def too_many_tokens(most: int) -> OutputErrorContext:
    return _over(
        "TOO_MANY_TOKENS",
        Text(f"A document has at most {most} tokens.", f"Un documento tiene como máximo {most} tokens."),
        Text(
            "Select less, or ask twice; values belong into variables.",
            "Seleccione menos o pregunte dos veces; los valores van en variables.",
        ),
    )


def too_many_aliases(most: int) -> OutputErrorContext:
    return _over(
        "TOO_MANY_ALIASES",
        Text(f"A document has at most {most} aliases.", f"Un documento tiene como máximo {most} alias."),
        Text("Ask for several objects with nodes(ids:) or a filter.", "Pida varios con nodes(ids:) o un filtro."),
    )


def too_many_repetitions(most: int) -> OutputErrorContext:
    return _over(
        "FIELD_REPEATED",
        Text(
            f"A field stands at most {most} times in one selection.",
            f"Un campo aparece como máximo {most} veces en una selección.",
        ),
        Text("Select it once.", "Selecciónelo una vez."),
    )


def too_many_directives(most: int) -> OutputErrorContext:
    return _over(
        "TOO_MANY_DIRECTIVES",
        Text(f"A document has at most {most} directives.", f"Un documento tiene como máximo {most} directivas."),
        Text("Put them on fragments.", "Póngalas en fragmentos."),
    )


def too_deep(most: int) -> OutputErrorContext:
    return _over(
        "TOO_DEEP",
        Text(f"An operation nests at most {most} fields deep.", f"Una operación anida como máximo {most} campos."),
        Text("Ask twice: first for ids, then for what is below them.", "Pregunte dos veces: primero por los ids."),
    )


def too_costly(cost: int, most: int) -> OutputErrorContext:
    return _over(
        "COST_TOO_HIGH",
        Text(
            f"The operation costs {cost}; at most {most} is allowed.",
            f"La operación cuesta {cost}; se permite {most} como máximo.",
        ),
        Text(
            "It may read that many objects. Ask for smaller pages, above all where pages are nested.",
            "Puede leer tantos objetos. Pida páginas más pequeñas, sobre todo si están anidadas.",
        ),
    )


def uncountable() -> OutputErrorContext:
    return _over(
        "COST_TOO_HIGH",
        Text("The operation selects too much to be counted.", "La operación selecciona demasiado para contarla."),
        Text("Spread fragments less often inside each other.", "Anide menos fragmentos unos en otros."),
    )


def answer_too_large(values: int, most: int) -> OutputErrorContext:
    return _over(
        "ANSWER_TOO_LARGE",
        Text(
            f"The answer may hold {values} values; at most {most} are allowed.",
            f"La respuesta puede contener {values} valores; se permiten {most} como máximo.",
        ),
        Text("Select fewer fields, or ask for smaller pages.", "Seleccione menos campos o páginas más pequeñas."),
    )


def budget_spent(retry_after: int) -> OutputErrorContext:
    return _later(
        "BUDGET_SPENT",
        Text("You have asked for too much in too short a time.", "Ha pedido demasiado en muy poco tiempo."),
        Text(f"Come back in {retry_after} s.", f"Vuelva en {retry_after} s."),
        retry_after,
    )


def too_many_at_once(most: int) -> OutputErrorContext:
    return _later(
        "TOO_MANY_AT_ONCE",
        Text(f"You have {most} operations under way.", f"Tiene {most} operaciones en curso."),
        Text("Wait for their answers.", "Espere sus respuestas."),
        1,
    )


def too_many_sockets(most: int) -> OutputErrorContext:
    return _later(
        "TOO_MANY_SOCKETS",
        Text(f"You have {most} sockets and streams open.", f"Tiene {most} conexiones abiertas."),
        Text(
            "Close one, or run several subscriptions on one.",
            "Cierre una o use una para varias suscripciones.",
        ),
        10,
    )


def out_of_time(seconds: float) -> OutputErrorContext:
    return OutputErrorContext(
        503,
        "OPERATION_TIMEOUT",
        Text(f"This took longer than {seconds:g} s.", f"Esto ha tardado más de {seconds:g} s."),
        Text(
            "Ask for less. A mutation may have been done: send it again with the same idempotencyKey, or look first.",
            "Pida menos. Una mutación pudo hacerse: repítala con la misma idempotencyKey o compruébelo antes.",
        ),
    )


def introspection_closed() -> OutputErrorContext:
    return OutputErrorContext(
        403,
        "INTROSPECTION_CLOSED",
        Text("The schema is not shown to strangers.", "El esquema no se muestra a desconocidos."),
        Text("Sign in with a role that may see it.", "Inicie sesión con un rol que pueda verlo."),
    )


def _over(code: str, message: Text, advice: Text) -> OutputErrorContext:
    return invalid_input(code, message, description=advice)


def _later(code: str, message: Text, advice: Text, retry_after: int) -> OutputErrorContext:
    return OutputErrorContext(429, code, message, advice, retry_after=retry_after)
