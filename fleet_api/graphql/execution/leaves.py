"""Leaf values on their way out: code that passes what plainly fits, and graphql-core's own coercion for the rest."""

from binascii import b2a_base64
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType, GraphQLScalarType, Undefined

from fleet_api.graphql.execution.anomaly import Anomaly

# Whether `{v}` needs no coercion. Instants in UTC and days are left to the encoder, which writes them as we would.
_FITS = {
    "String": "{v}.__class__ is str",
    "ID": "{v}.__class__ is str",
    "Boolean": "{v}.__class__ is bool",
    "Int": "{v}.__class__ is int and -2147483649 < {v} < 2147483648",
    "Float": "{v}.__class__ is float and {v} - {v} == 0.0",
    "DateTime": "{v}.__class__ is datetime and {v}.tzinfo is UTC",
    "Date": "{v}.__class__ is date",
}
NAMES: dict[str, Any] = {"UTC": UTC, "date": date, "datetime": datetime}
"""What the conditions speak of."""


def fits(kind: GraphQLLeafType) -> str:
    return _FITS.get(kind.name, "False") if isinstance(kind, GraphQLScalarType) else "False"


def coercion(kind: GraphQLLeafType) -> Callable[[Any], Any]:
    """The value as graphql-core answers it. Raises `Anomaly` where it would answer an error."""
    members = _members(kind)

    def coerce(value: Any) -> Any:
        name = members.get(value) if value.__class__ in classes else None
        if name is not None:
            return name
        if isinstance(value, Exception):
            raise Anomaly
        try:
            coerced = kind.coerce_output_value(value)
        except Exception as error:
            raise Anomaly from error
        if coerced is None or coerced is Undefined:
            raise Anomaly
        return coerced

    classes = {member.__class__ for member in members}
    return coerce


def global_id(type_name: str) -> Callable[[Any], str]:
    """Makes Relay global ids of the ids of one type."""
    prefix = f"{type_name}:"

    def encode(id: Any) -> str:
        if id is None:
            raise Anomaly
        return b2a_base64(f"{prefix}{id}".encode(), newline=False).decode()

    return encode


def _members(kind: GraphQLLeafType) -> dict[Any, str]:
    """An enum's members and their names."""
    if not isinstance(kind, GraphQLEnumType):
        return {}
    definition = kind.extensions["strawberry-definition"] if kind.extensions else None
    members = list(definition.wrapped_cls) if definition else []
    return {member: kind.coerce_output_value(member) for member in members}
