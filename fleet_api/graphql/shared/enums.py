"""Enums of the domain, with the words that GraphiQL shows for them."""

from enum import StrEnum
from typing import TypeVar

import strawberry

from fleet_api.shared.domain.page import Direction

E = TypeVar("E", bound=StrEnum)


def described(kind: type[E], **values: str) -> type[E]:
    """Makes a domain enum a GraphQL enum: its docstring describes it, `values` each member. In the graph names are in
    capitals, as every client expects, even where a standard of the field mixes them."""
    strawberry.enum(kind, description=kind.__doc__)
    for value in kind.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description, value.name = values[value.name], value.name.upper()
    return kind


described(Direction, ASC="Smallest, earliest or first letter first.", DESC="Largest, latest or last letter first.")
