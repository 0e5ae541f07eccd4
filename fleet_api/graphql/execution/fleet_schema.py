"""The schema that executes queries and renders events breadth first, and leaves everything else to graphql-core."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson
import structlog
from graphql import ExecutionResult as CoreResult
from graphql import (
    GraphQLError,
    create_source_event_stream,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.values import VariableValues
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as Executor
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.utils.await_maybe import await_maybe

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.anomaly import Anomaly
from fleet_api.graphql.execution.compiler import Compiler, Plan
from fleet_api.graphql.execution.documents import Operation
from fleet_api.graphql.execution.plans import Plans
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.execution.subscribed import Subscribed
from fleet_api.graphql.execution.walk import Walk
from fleet_api.graphql.shared.errors import presented
from fleet_api.shared.domain.output_context import Refused

_log = structlog.get_logger(__name__)


class FleetSchema(Schema):
    """What strawberry declares, executed our way: its extensions have no part in it.

    roads: how many operations took which: `breadth_first`, `graphql_core`, or the second after the first (`both`).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roads: Counter[str] = Counter()
        self._plans = Plans()

    async def execute(self, ready: Ready, context: Context) -> ExecutionResult:  # type: ignore[override]
        """The answer to a query or mutation."""
        result = await self._breadth_first(ready, context) if ready.operation.is_query else None
        return result or await self._executed(self._executor(ready.operation, ready.variables, context), context)

    async def subscribe(self, ready: Ready, context: Context) -> Subscribed | ExecutionResult:  # type: ignore[override]
        """What a subscription follows; or why it does not run."""
        executor = self._executor(ready.operation, ready.variables, context)
        source: Any = await await_maybe(create_source_event_stream(executor))
        if isinstance(source, CoreResult):
            return PreExecutionError(data=None, errors=presented(source.errors or [], context))
        return Subscribed(ready, source)

    async def tell(self, subscribed: Subscribed, events: Sequence[Any], context: Context) -> list[bytes]:
        """The results for events of a subscription, as JSON. What they have in common is read once."""
        try:
            if plan := self._plan(subscribed.ready, context):
                context.wanted = plan.wanted
                walk = Walk(self._schema, subscribed.ready, context)
                return [orjson.dumps({"data": data}) for data in await walk.run(plan.top, events)]
        except (Anomaly, Refused, GraphQLError):
            pass
        except Exception as error:
            _log.warning("executed_twice", operation=subscribed.ready.operation.name, error=type(error).__name__)
            context.known.clear()
        finally:
            context.want_all()
        return [await self._tell_one(subscribed, event, context) for event in events]

    async def _tell_one(self, subscribed: Subscribed, event: Any, context: Context) -> bytes:
        # Executed as a query of its own. What graphql-core keeps for all events of one subscription only grows.
        executor = self._executor(subscribed.ready.operation, subscribed.ready.variables, context, event)
        result = await self._executed(executor, context)
        body: dict[str, Any] = {"errors": [error.formatted for error in result.errors]} if result.errors else {}
        return orjson.dumps({**body, "data": result.data})

    async def _breadth_first(self, ready: Ready, context: Context) -> ExecutionResult | None:
        """None for what graphql-core has to answer: what is read by then is known, and not read again."""
        road, operation = "graphql_core", ready.operation
        try:
            if plan := self._plan(ready, context):
                road = "both"
                context.wanted = plan.wanted
                (data,) = await Walk(self._schema, ready, context).run(plan.top)
                road = "breadth_first"
                return ExecutionResult(data, None)
        except (Anomaly, Refused, GraphQLError):
            pass  # what the client will be told
        except Exception as error:
            # Such as a field that nobody was thought to look at. The answer will be right, and always late.
            _log.warning("executed_twice", operation=operation.name, error=type(error).__name__)
            context.known.clear()
        finally:
            self.roads[road] += 1
        context.want_all()
        return None

    def _plan(self, ready: Ready, context: Context) -> Plan | None:
        operation, may = ready.operation, context.viewer.permissions
        return self._plans.get(
            operation, (may, ready.case), lambda: Compiler(self._schema, operation, ready.variables, may).compile()
        )

    async def _executed(self, executor: Executor, context: Context) -> ExecutionResult:
        result: Any = await await_maybe(executor.execute_operation())
        return _presented(result, context)

    def _executor(
        self, operation: Operation, variables: VariableValues, context: Context, root: Any = None
    ) -> Executor:
        return Executor(
            self._schema,
            operation.fragment_definitions,
            operation.fragments,
            root,
            context,
            operation.definition,
            variables,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=optimized_is_awaitable,
        )


def _presented(result: CoreResult, context: Context) -> ExecutionResult:
    return ExecutionResult(result.data, presented(result.errors, context) if result.errors else None)
