"""Pydantic's findings, told to people: one stable code and one sentence per kind of problem."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, PydanticCustomError

from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.shared_errors import invalid_input
from fleet_api.shared.domain.text import Text

_Context = dict[str, Any]
_SENTENCES: dict[str, Callable[[_Context], Text]] = {
    "missing": lambda _: Text("A value is needed here.", "Falta un valor."),
    "string_too_short": lambda c: Text(
        f"Write at least {c['min_length']} characters.", f"Escriba al menos {c['min_length']} caracteres."
    ),
    "string_too_long": lambda c: Text(
        f"Write at most {c['max_length']} characters.", f"Escriba como máximo {c['max_length']} caracteres."
    ),
    "too_short": lambda c: Text(
        f"Send at least {c['min_length']} items.", f"Envíe al menos {c['min_length']} elementos."
    ),
    "too_long": lambda c: Text(
        f"Send at most {c['max_length']} items.", f"Envíe como máximo {c['max_length']} elementos."
    ),
    "greater_than": lambda c: Text(
        f"The value must be greater than {c['gt']}.", f"El valor debe ser mayor que {c['gt']}."
    ),
    "greater_than_equal": lambda c: Text(
        f"The value must be at least {c['ge']}.", f"El valor debe ser al menos {c['ge']}."
    ),
    "less_than": lambda c: Text(f"The value must be less than {c['lt']}.", f"El valor debe ser menor que {c['lt']}."),
    "less_than_equal": lambda c: Text(
        f"The value must be at most {c['le']}.", f"El valor debe ser como máximo {c['le']}."
    ),
    "finite_number": lambda _: Text("The value must be a finite number.", "El valor debe ser un número finito."),
    "timezone_aware": lambda _: Text(
        "The time needs a zone, such as 2026-01-31T08:00:00Z.", "La hora necesita una zona, como 2026-01-31T08:00:00Z."
    ),
    "string_pattern_mismatch": lambda _: Text(
        "The value has characters that are not allowed.", "El valor tiene caracteres no permitidos."
    ),
}


class Problem(PydanticCustomError):
    """A rule of ours that a value breaks; raised inside pydantic validators. Its context carries both languages."""

    def __new__(cls, code: str, text: Text) -> "Problem":
        return super().__new__(cls, code, "{en}", {"en": text.en, "es": text.es})


def refusal_of(error: ValidationError, argument: str) -> OutputErrorContext:
    """The first problem, with the path of its field as the client spelt it; the value itself is never repeated."""
    first, *others = error.errors(include_url=False, include_input=False)
    more = Text(f"There are {len(others)} more problems.", f"Hay {len(others)} problemas más.") if others else None
    return invalid_input(_code(first), _text(first), _path(argument, first), more)


def _code(detail: ErrorDetails) -> str:
    kind = detail["type"]
    return kind if kind.isupper() else "INVALID_INPUT"


def _text(detail: ErrorDetails) -> Text:
    context = detail.get("ctx", {})
    if {"en", "es"} <= context.keys():
        return Text(context["en"], context["es"])
    sentence = _SENTENCES.get(detail["type"])
    return sentence(context) if sentence else Text("The value is not valid here.", "El valor no es válido aquí.")


def _path(argument: str, detail: ErrorDetails) -> str:
    return ".".join([argument, *(_spelt(part) if isinstance(part, str) else str(part) for part in detail["loc"])])


def _spelt(name: str) -> str:
    """As the client spells it: `from_` is `from`, which Python keeps for itself."""
    return to_camel(name.rstrip("_"))
