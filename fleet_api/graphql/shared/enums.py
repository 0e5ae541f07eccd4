"""Enums of the domain, with the words that GraphiQL shows for them."""

from enum import StrEnum
from typing import TypeVar

import strawberry

from fleet_api.shared.domain.audit_entry import AuditOutcome
from fleet_api.shared.domain.page import Direction
from fleet_api.shared.domain.permission import Role

E = TypeVar("E", bound=StrEnum)


def described(kind: type[E], **values: str) -> type[E]:
    """Makes a domain enum a GraphQL enum: its docstring describes it, `values` each member. In the graph names are in
    capitals, as every client expects, even where a standard of the field mixes them."""
    strawberry.enum(kind, description=kind.__doc__)
    for value in kind.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description, value.name = values[value.name], value.name.upper()
    return kind


described(Direction, ASC="Smallest, earliest or first letter first.", DESC="Largest, latest or last letter first.")
described(
    Role,
    PLATFORM_OPS="Operates the platform: sees and may do everything.",
    PROVIDER_ADMIN="Runs a provider and those that belong to it.",
    DISPATCHER="Runs a provider's drivers and vehicles; sees no money.",
    FINANCE="Runs a provider's money; sees no personal fields.",
    DRIVER="Drives: sees themself and the vehicle held now.",
    DEVICE="Records telemetry, and sees nothing.",
    AUDITOR="Sees everything of a provider, and changes nothing.",
)
described(AuditOutcome, DONE="It was done.", REFUSED="It was tried, and refused: `code` says why.")
