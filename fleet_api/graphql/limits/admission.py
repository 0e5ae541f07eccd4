"""What stands between an operation and its execution."""

from typing import Any

from graphql import GraphQLSchema

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.documents import Document, Documents
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.limits.budget import Budget
from fleet_api.graphql.limits.cost import Cost, costing
from fleet_api.graphql.limits.limits import Limits
from fleet_api.graphql.limits.limits_errors import answer_too_large, introspection_closed, too_costly
from fleet_api.graphql.limits.scan import scan
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.viewer import Viewer

# By the variables that decide what is selected; an operation with more cases than these is counted anew.
_CASES = 16
_FOR_STRANGERS = 10


class Admission:
    def __init__(self, schema: GraphQLSchema, limits: Limits, budget: Budget) -> None:
        self._schema = schema
        self._limits = limits
        self._budget = budget
        self.documents = Documents(schema, limits.depth)

    async def read(self, text: str, context: Context) -> Document:
        """What a new document says. It costs a point for each of its tokens and comments, since to read it takes as
        long as to answer it; strangers, who need no more than to be let in, pay more. Raises `InvalidDocument` and
        `Refused`."""
        size = scan(text, self._limits)
        price = size if context.viewer.role else size * _FOR_STRANGERS
        await self._budget.spend(context.principal, min(price, self._budget.limit))
        return self.documents.read(text)

    async def admit(self, ready: Ready, context: Context, principal: str) -> dict[str, Any]:
        """What it costs, for its answer to tell. Raises `Refused`."""
        limits = self._limits
        if ready.operation.introspects and not self.shows_schema(context.viewer):
            raise Refused(introspection_closed())
        cost = self._cost(ready)
        context.cost = cost.rows
        if cost.rows > limits.cost:
            raise Refused(too_costly(cost.rows, limits.cost))
        if cost.values > limits.values:
            raise Refused(answer_too_large(cost.values, limits.values))
        remaining = await self._budget.spend(principal, cost.rows)
        return {
            "requested": cost.rows,
            "limit": limits.cost,
            "budget": self._budget.limit,
            "remaining": remaining,
            "refillPerSecond": self._budget.refill,
        }

    def shows_schema(self, viewer: Viewer) -> bool:
        return self._limits.open_schema or viewer.may(Permission.SCHEMA_READ)

    def _cost(self, ready: Ready) -> Cost:
        operation, given = ready.operation, ready.variables.coerced
        case = tuple(map(given.get, operation.conditions)) if operation.conditions else ()
        known = operation.costings.get(case)
        if known is None:
            known = costing(self._schema, operation, ready.variables)
            if len(operation.costings) < _CASES:
                operation.costings[case] = known
        return known.always or known.cost(given)
