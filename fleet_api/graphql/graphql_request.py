"""What a client asks, whichever way it came, and what it is told."""

from dataclasses import dataclass
from typing import Any

from strawberry.types.execution import ExecutionResult, PreExecutionError


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


class NotARequest(Exception):
    """Its text is for the client."""


def request_of(fields: Any) -> GraphQLRequest:
    """fields: as they came. Raises `NotARequest` for what is not a well-formed GraphQL request."""
    if not isinstance(fields, dict):
        raise NotARequest("Send one JSON object with a `query`.")
    query, variables, name = fields.get("query"), fields.get("variables"), fields.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise NotARequest("The field `query` must be a GraphQL document.")
    if not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise NotARequest("The field `variables` must be an object, and `operationName` a string.")
    if not isinstance(fields.get("extensions"), dict | str | None):
        raise NotARequest("The field `extensions` must be an object.")
    return GraphQLRequest(query, variables, name or None)


def body_of(result: ExecutionResult) -> dict[str, Any]:
    """What becomes JSON. Without `data` where the operation never ran."""
    body: dict[str, Any] = {"errors": [error.formatted for error in result.errors]} if result.errors else {}
    if not never_ran(result):
        body["data"] = result.data
    if result.extensions:
        body["extensions"] = result.extensions
    return body


def never_ran(result: ExecutionResult) -> bool:
    """The document did not parse or fit, or its variables did not: in graphql-core's words, a request error."""
    errors = result.errors or []
    return isinstance(result, PreExecutionError) or (result.data is None and all(e.path is None for e in errors))
