"""Where every operation goes, whichever way it came: it is made ready, run within its time, and accounted for."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Protocol, TypeVar

import structlog
from graphql import GraphQLError, OperationType
from strawberry.types.execution import ExecutionResult, PreExecutionError

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.documents import InvalidDocument, Operation
from fleet_api.graphql.execution.fleet_schema import FleetSchema
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.graphql_request import GraphQLRequest
from fleet_api.graphql.limits.admission import Admission
from fleet_api.graphql.limits.limits_errors import out_of_time
from fleet_api.graphql.limits.patience import Patience
from fleet_api.graphql.limits.turns import Turns
from fleet_api.graphql.live.member import Member
from fleet_api.graphql.live.watching import Following
from fleet_api.graphql.seen.seen import Seen
from fleet_api.graphql.seen.watched import Watched
from fleet_api.graphql.shared.errors import presented
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.shared_errors import internal_error
from fleet_api.shared.infrastructure.logs import origin_of

R = TypeVar("R", bound=ExecutionResult | Following)

AT_ONCE = frozenset({OperationType.QUERY, OperationType.MUTATION})
_FOLLOWED = frozenset({OperationType.SUBSCRIPTION})

# Names of the schema that a message of graphql-core gives away to whoever guesses.
_SUGGESTION = re.compile(r" ?Did you mean [^?]*\?")

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
    """patience: with an operation, waiting for its turn included."""

    def __init__(
        self,
        schema: FleetSchema,
        live: Live,
        admission: Admission,
        turns: Turns,
        patience: Patience,
        seen: Seen,
    ) -> None:
        self._schema = schema
        self._live = live
        self._admission = admission
        self._turns = turns
        self._patience = patience
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

    async def operation(self, asked: GraphQLRequest, context: Context) -> Operation | None:
        """None for what is none: whoever executes it says why."""
        try:
            return await self._operation(asked, context)
        except (InvalidDocument, Refused):
            return None

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
            watched.operation = operation = await self._operation(asked, context)
            if operation.definition.operation not in allowed:
                raise OperationTypeNotAllowed(operation.definition.operation)
            result = await self._run(_ready(operation, asked), context, run)
        except OperationTypeNotAllowed:
            raise
        except InvalidDocument as invalid:
            result = self._never_ran(invalid.errors, context)
        except Refused as refused:
            # Without its frames, of which this one knows the result: that would be garbage which only a search finds.
            result = self._never_ran([GraphQLError("", original_error=refused.with_traceback(None))], context)
        except Exception as error:
            _log.error("operation_failed", error=type(error).__name__, at=origin_of(error))
            result = self._never_ran([GraphQLError("", original_error=Refused(internal_error()))], context)
        watched.ended(result)
        return result

    async def _operation(self, asked: GraphQLRequest, context: Context) -> Operation:
        admission, text = self._admission, asked.query
        document = admission.documents.known(text) or await admission.read(text, context)
        return document.operation(asked.operation_name)

    async def _run(
        self, ready: Ready, context: Context, run: Callable[[Ready, Context], Awaitable[R]]
    ) -> R | ExecutionResult:
        admission = self._admission
        account = admission.accounts.of(context.principal)
        cost = admission.weigh(ready, context)
        remaining = admission.budget.spend(account, cost.rows)
        if not isinstance(remaining, int):
            remaining = await remaining
        task = self._patience.begin()
        try:
            if not self._turns.enter_at_once(account, may_wait=ready.operation.is_subscription):
                await self._turns.enter_later(account)
            try:
                result = await run(ready, context)
            finally:
                self._turns.leave(account)
        except asyncio.CancelledError:
            if self._patience.has_run_out(task):
                raise Refused(out_of_time(self._patience.seconds)) from None
            raise
        finally:
            self._patience.end(task)
        if isinstance(result, ExecutionResult):
            result.extensions = {"cost": admission.told(cost, remaining)}
        return result

    def _never_ran(self, errors: Sequence[GraphQLError], context: Context) -> ExecutionResult:
        if not self._admission.shows_schema(context.viewer):
            for error in errors:  # before a long one is cut, somewhere in what must not be seen
                error.message = _SUGGESTION.sub("", error.message)
        return PreExecutionError(data=None, errors=presented(errors, context))


def _ready(operation: Operation, asked: GraphQLRequest) -> Ready:
    given = asked.variables or {}
    variables = operation.variables.coerced(given)
    if isinstance(variables, list):
        raise InvalidDocument(variables)
    return Ready(operation, given, variables)
