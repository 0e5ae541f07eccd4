"""What stands between an operation and its execution."""

from typing import Any

from graphql import GraphQLSchema

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.documents import Document, Documents
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.limits.accounts import Accounts
from fleet_api.graphql.limits.budget import Budget
from fleet_api.graphql.limits.cost import Cost, Costing, costing
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
        self.budget = budget
        self.accounts = Accounts()
        self.documents = Documents(schema, limits.depth)

    async def read(self, text: str, context: Context) -> Document:
        """What a new document says. It costs a point for each of its tokens and comments, since to read it takes as
        long as to answer it; strangers, who need no more than to be let in, pay more. Raises `InvalidDocument` and
        `Refused`."""
        size = scan(text, self._limits)
        price = size if context.viewer.role else size * _FOR_STRANGERS
        remaining = self.budget.spend(self.accounts.of(context.principal), min(price, self.budget.limit))
        if not isinstance(remaining, int):
            await remaining
        return self.documents.read(text)

    def weigh(self, ready: Ready, context: Context) -> Cost:
        """What it costs. Raises `Refused` for what nobody may ask at once."""
        cost = ready.operation.costs.get(ready.case) or self._weighed(ready, context)
        context.cost = cost.rows
        return cost

    def told(self, cost: Cost, remaining: int) -> dict[str, Any]:
        """What the answer says of it. remaining: of the principal's budget."""
        return {
            "requested": cost.rows,
            "limit": self._limits.cost,
            "budget": self.budget.limit,
            "remaining": remaining,
            "refillPerSecond": self.budget.refill,
        }

    def shows_schema(self, viewer: Viewer) -> bool:
        return self._limits.open_schema or viewer.may(Permission.SCHEMA_READ)

    def _weighed(self, ready: Ready, context: Context) -> Cost:
        """What is asked for the first time, or costs more or less with its variables."""
        limits, operation = self._limits, ready.operation
        if operation.introspects and not self.shows_schema(context.viewer):
            raise Refused(introspection_closed())
        known = operation.costings.get(ready.case) or self._costing(ready)
        cost = known.always or known.cost(ready.variables.coerced)
        context.cost = cost.rows
        if cost.rows > limits.cost:
            raise Refused(too_costly(cost.rows, limits.cost))
        if cost.values > limits.values:
            raise Refused(answer_too_large(cost.values, limits.values))
        if known.always and not operation.introspects and len(operation.costs) < _CASES:
            operation.costs[ready.case] = cost
        return cost

    def _costing(self, ready: Ready) -> Costing:
        found = costing(self._schema, ready.operation, ready.variables)
        if len(ready.operation.costings) < _CASES:
            ready.operation.costings[ready.case] = found
        return found
