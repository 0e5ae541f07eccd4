"""What a client asks, whichever way it came, and what it is told."""

from dataclasses import dataclass
from typing import Any

from strawberry.types.execution import ExecutionResult, PreExecutionError

from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.shared_errors import invalid_input
from fleet_api.shared.domain.text import Text


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


class NotARequest(Refused):
    """What came is no GraphQL request. As a string it is one sentence, for where there is no room for more."""

    def __init__(self, message: Text, description: Text | None = None, code: str = "BAD_REQUEST") -> None:
        super().__init__(invalid_input(code, message, description=description))

    def __str__(self) -> str:
        return self.refusal.message.en


def body_of(result: ExecutionResult) -> dict[str, Any]:
    """What becomes JSON. Without `data` where the operation never ran."""
    body: dict[str, Any] = {"errors": [error.formatted for error in result.errors]} if result.errors else {}
    if result.data is not None or not never_ran(result):
        body["data"] = result.data
    if result.extensions:
        body["extensions"] = result.extensions
    return body


def never_ran(result: ExecutionResult) -> bool:
    """The document did not parse or fit, or its variables did not: in graphql-core's words, a request error."""
    errors = result.errors or []
    return isinstance(result, PreExecutionError) or (result.data is None and all(e.path is None for e in errors))
