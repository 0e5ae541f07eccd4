"""The `errors` of an answer: each with a stable code, and none with the text of an exception."""

import structlog
from graphql import GraphQLError
from strawberry.extensions import MaskErrors

from fleet_api.graphql.shared.refusals import RefusalError
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.shared_errors import internal_error

_log = structlog.get_logger(__name__)


class PresentErrors(MaskErrors):
    """Refusals keep their words, the client's own mistakes graphql-core's; anything else is masked and logged."""

    def __init__(self) -> None:
        super().__init__()

    def _process_errors(self, errors: list[GraphQLError]) -> list[GraphQLError]:
        return [self._present(error) for error in errors]

    def _present(self, error: GraphQLError) -> GraphQLError:
        context = self.execution_context.context
        cause = error.original_error
        if isinstance(cause, Refused):
            return _placed(RefusalError(cause.refusal, context.language), error)
        if isinstance(cause, RefusalError):
            return _placed(cause, error)
        if cause is None or isinstance(cause, GraphQLError) or error.path is None:
            # Not ours to explain: the document does not parse or fit the schema, or a variable does not fit its type.
            error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED", **(error.extensions or {})}
            return error
        _log.error("resolver_failed", path=error.path, error=type(cause).__name__)
        masked = RefusalError(internal_error(), context.language)
        masked.extensions["requestId"] = context.request_id  # type: ignore[index]
        return _placed(masked, error)


def _placed(shown: GraphQLError, error: GraphQLError) -> GraphQLError:
    return GraphQLError(
        shown.message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=shown.extensions,
    )
