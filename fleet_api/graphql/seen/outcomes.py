"""How operations end, in few words: what an alert asks for."""

from collections.abc import Collection
from enum import StrEnum


class Outcome(StrEnum):
    OK = "ok"
    INVALID = "invalid"
    """No document of ours, or variables that do not fit it: it never ran."""
    FORBIDDEN = "forbidden"
    LIMITED = "limited"
    """Too much, or too often."""
    REFUSED = "refused"
    """The world stands in its way: whatever a use case says no to."""
    FAILED = "failed"
    """Our fault: this is what wakes somebody."""
    CANCELLED = "cancelled"
    """Who asked is gone."""


_FAILED = frozenset({"INTERNAL_ERROR", "UNAVAILABLE", "OUTCOME_UNKNOWN", "OPERATION_TIMEOUT"})
_LIMITED = frozenset(
    {
        *("DOCUMENT_TOO_LARGE", "TOO_MANY_TOKENS", "TOO_MANY_ALIASES", "FIELD_REPEATED", "TOO_MANY_DIRECTIVES"),
        *("TOO_DEEP", "COST_TOO_HIGH", "ANSWER_TOO_LARGE", "BUDGET_SPENT"),
        *("TOO_MANY_AT_ONCE", "TOO_MANY_OPERATIONS", "TOO_MANY_SOCKETS", "TOO_MANY_ATTEMPTS"),
    }
)
_INVALID = frozenset(
    {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "OPERATION_NAME_NEEDED", "UNKNOWN_OPERATION"}
)
_FORBIDDEN = frozenset(
    {"UNAUTHENTICATED", "FORBIDDEN", "INVALID_TOKEN", "TOKEN_EXPIRED", "SESSION_ENDED", "INTROSPECTION_CLOSED"}
)

# The worst first: it is what the operation is remembered by.
_CLASSES = (
    (_FAILED, Outcome.FAILED),
    (_LIMITED, Outcome.LIMITED),
    (_INVALID, Outcome.INVALID),
    (_FORBIDDEN, Outcome.FORBIDDEN),
)


def outcome_of(codes: Collection[str]) -> Outcome:
    """codes: of all that went wrong."""
    if not codes:
        return Outcome.OK
    for members, outcome in _CLASSES:
        if not members.isdisjoint(codes):
            return outcome
    return Outcome.REFUSED


def failure_in(codes: Collection[str]) -> str | None:
    """The first that is our fault."""
    return next((code for code in codes if code in _FAILED), None)
