"""Where every operation goes, whichever way it came: it is made ready, run within its time, and accounted for."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Protocol, TypeVar

import structlog
from graphql import GraphQLError, OperationType
from strawberry.types.execution import ExecutionResult, PreExecutionError

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.documents import Documents, InvalidDocument, Operation
from fleet_api.graphql.execution.fleet_schema import FleetSchema
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.graphql_request import GraphQLRequest
from fleet_api.graphql.live.member import Member
from fleet_api.graphql.live.watching import Following
from fleet_api.graphql.seen.seen import Seen
from fleet_api.graphql.seen.watched import Watched
from fleet_api.graphql.shared.errors import presented
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.shared_errors import internal_error

R = TypeVar("R", bound=ExecutionResult | Following)

AT_ONCE = frozenset({OperationType.QUERY, OperationType.MUTATION})
_FOLLOWED = frozenset({OperationType.SUBSCRIPTION})

_log = structlog.get_logger(__name__)


class Live(Protocol):
    async def follow(self, ready: Ready, context: Context, member: Member) -> Following | ExecutionResult:
        """Feeds the member from now on; or the errors of a subscription that is refused, and never ran."""
        ...


class OperationTypeNotAllowed(Exception):
    def __init__(self, operation_type: OperationType) -> None:
        super().__init__()
        self.operation_type = operation_type


class Desk:
    def __init__(self, schema: FleetSchema, documents: Documents, live: Live, seen: Seen) -> None:
        self.documents = documents
        self._schema = schema
        self._live = live
        self._seen = seen

    async def execute(
        self, asked: GraphQLRequest, context: Context, allowed: Collection[OperationType] = AT_ONCE
    ) -> ExecutionResult:
        """The answer to a query or mutation. Raises `OperationTypeNotAllowed`."""
        with self._seen.watching(context) as watched:
            return await self._handle(watched, asked, context, allowed, self._schema.execute)

    async def follow(self, asked: GraphQLRequest, context: Context, member: Member) -> Following | ExecutionResult:
        """Feeds the member from now on; or says why not. Raises `OperationTypeNotAllowed`."""
        with self._seen.watching(context) as watched:
            return await self._handle(watched, asked, context, _FOLLOWED, partial(self._live.follow, member=member))

    async def _handle(
        self,
        watched: Watched,
        asked: GraphQLRequest,
        context: Context,
        allowed: Collection[OperationType],
        run: Callable[[Ready, Context], Awaitable[R]],
    ) -> R | ExecutionResult:
        result: R | ExecutionResult
        try:
            watched.operation = operation = self.documents.operation(asked.query, asked.operation_name)
            if operation.definition.operation not in allowed:
                raise OperationTypeNotAllowed(operation.definition.operation)
            result = await run(self._ready(operation, asked), context)
        except OperationTypeNotAllowed:
            raise
        except InvalidDocument as invalid:
            result = _never_ran(invalid.errors, context)
        except Refused as refused:
            result = _never_ran([GraphQLError("", original_error=refused)], context)
        except Exception as error:
            _log.error("operation_failed", error=type(error).__name__)
            result = _never_ran([GraphQLError("", original_error=Refused(internal_error()))], context)
        watched.ended(result)
        return result

    def _ready(self, operation: Operation, asked: GraphQLRequest) -> Ready:
        given = asked.variables or {}
        variables = operation.variables.coerced(given)
        if isinstance(variables, list):
            raise InvalidDocument(variables)
        return Ready(operation, given, variables)


def _never_ran(errors: Sequence[GraphQLError], context: Context) -> ExecutionResult:
    return PreExecutionError(data=None, errors=presented(errors, context))
