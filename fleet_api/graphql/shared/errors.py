"""The `errors` of an answer: each with a stable code, and none with the text of an exception."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import StrawberryInputCoercionError

from fleet_api.graphql.shared.refusals import extensions_of
from fleet_api.shared.domain.output_context import OutputErrorContext, Refused
from fleet_api.shared.domain.shared_errors import internal_error

if TYPE_CHECKING:
    from fleet_api.graphql.context import Context

_LONGEST_MESSAGE = 500

_log = structlog.get_logger(__name__)

# What graphql-core and strawberry say of a request that never ran, and of a value that does not fit its type.
_CLIENTS_OWN = (GraphQLError, StrawberryInputCoercionError)


def presented(errors: Sequence[GraphQLError], context: "Context") -> list[GraphQLError]:
    """Refusals keep their words, the client's own mistakes graphql-core's; anything else is masked and logged."""
    return [_present(error, context) for error in errors]


def _present(error: GraphQLError, context: "Context") -> GraphQLError:
    cause = error.original_error
    if isinstance(cause, Refused):
        return _refused(cause.refusal, error, context)
    # A path tells that a resolver ran, and so that the fault is ours, unless an argument did not convert.
    clients_own = cause is None or isinstance(cause, _CLIENTS_OWN)
    if clients_own and (error.path is None or isinstance(cause, StrawberryInputCoercionError)):
        return _coded(error)
    if error.path is None and isinstance(cause, ValueError):
        # A number of thousands of digits, which Python will not read.
        return _coded(GraphQLError("A value of the document does not fit its type.", error.nodes))
    _log.error("resolver_failed", path=error.path, error=type(cause or error).__name__)
    return _refused(internal_error(), error, context)


def _refused(refusal: OutputErrorContext, error: GraphQLError, context: "Context") -> GraphQLError:
    extensions = extensions_of(refusal, context.language)
    if refusal.code == "INTERNAL_ERROR":
        extensions["requestId"] = context.request_id
    message = refusal.message.in_language(context.language)
    return GraphQLError(message, error.nodes, error.source, error.positions, error.path, extensions=extensions)


def _coded(error: GraphQLError) -> GraphQLError:
    code = "GRAPHQL_PARSE_FAILED" if isinstance(error, GraphQLSyntaxError) else "GRAPHQL_VALIDATION_FAILED"
    error.message = error.message[:_LONGEST_MESSAGE]  # it quotes what the client sent
    error.extensions = {"code": code, **(error.extensions or {})}
    return error
