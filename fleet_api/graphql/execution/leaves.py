"""Leaf values on their way out: code that passes what plainly fits, and graphql-core's own coercion for the rest."""

from binascii import b2a_base64
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from graphql import GraphQLEnumType, GraphQLLeafType, Undefined

from fleet_api.graphql.execution.anomaly import Anomaly

# Whether `{v}` needs a closer look. Instants in UTC and days are left to the encoder, which writes them as we would.
_ODD = {
    "String": "{v}.__class__ is not str",
    "ID": "{v}.__class__ is not str",
    "Boolean": "{v}.__class__ is not bool",
    "Int": "{v}.__class__ is not int or not -2147483649 < {v} < 2147483648",
    "Float": "{v}.__class__ is not float or {v} - {v} != 0.0",
    "DateTime": "{v}.__class__ is not datetime or {v}.tzinfo is not UTC",
    "Date": "{v}.__class__ is not date",
}
NAMES: Mapping[str, Any] = {"UTC": UTC, "b2a_base64": b2a_base64, "date": date, "datetime": datetime}
"""What the code speaks of."""


def code(v: str, kind: GraphQLLeafType, name: Callable[[Any], str], *, nullable: bool) -> str:
    """A statement that leaves in the variable `v` what is answered for it. It raises `Anomaly`.

    name: gives a thing a name that the code can call it by.
    """
    coerce = name(coercion(kind))
    present = f"{v} is not None and " if nullable else ""
    if isinstance(kind, GraphQLEnumType) and (members := _members(kind)):
        (of_ours,) = {member.__class__ for member in members}
        # An entity of ours holds the member itself, and what came without one its text, which is as good.
        known = f"{v}.__class__ is {name(of_ours)} or {v}.__class__ is str and {v} in {name(members)}"
        named = f"{v} = {name(members)}[{v}] if {known} else {coerce}({v})"
        return f"if {v} is not None: {named}" if nullable else named
    return f"if {present}({_ODD.get(kind.name, 'True').format(v=v)}): {v} = {coerce}({v})"


def global_id_code(v: str, type_name: str, name: Callable[[Any], str]) -> str:
    """The same for the id of an object of that type."""
    prefix, absent = name(f"{type_name}:".encode()), name(_absent)
    return f"{v} = b2a_base64({prefix} + str({v}).encode(), newline=False).decode() if {v} is not None else {absent}()"


def _absent() -> NoReturn:
    raise Anomaly


def coercion(kind: GraphQLLeafType) -> Callable[[Any], Any]:
    """A value as graphql-core answers it. Raises `Anomaly` where it would answer an error."""

    def coerce(value: Any) -> Any:
        if value is None or isinstance(value, Exception):
            raise Anomaly
        try:
            coerced = kind.coerce_output_value(value)
        except Exception as error:
            raise Anomaly from error
        if coerced is None or coerced is Undefined:
            raise Anomaly
        return coerced

    return coerce


def _members(kind: GraphQLEnumType) -> dict[Any, str]:
    """An enum's members and their names; none for those of introspection."""
    definition = (kind.extensions or {}).get("strawberry-definition")
    members = list(definition.wrapped_cls) if definition else []
    return {member: kind.coerce_output_value(member) for member in members}
