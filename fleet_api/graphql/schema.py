"""The schema: a table of contents."""

import strawberry
from graphql import GraphQLError
from strawberry.extensions import AddValidationRules, ParserCache, ValidationCache
from strawberry.types.execution import ExecutionContext

from fleet_api.graphql.driver.mutations import DriverMutations
from fleet_api.graphql.driver.queries import DriverQueries
from fleet_api.graphql.fleet_provider.mutations import FleetProviderMutations
from fleet_api.graphql.fleet_provider.queries import FleetProviderQueries
from fleet_api.graphql.limits.depth import DepthLimit
from fleet_api.graphql.node.queries import NodeQueries
from fleet_api.graphql.shared.errors import PresentErrors
from fleet_api.graphql.shared.refusals import RefusedInputHandler


@strawberry.type(description="Everything that can be asked.")
class Query(NodeQueries, FleetProviderQueries, DriverQueries):
    pass


@strawberry.type(description="Everything that can be changed.")
class Mutation(FleetProviderMutations, DriverMutations):
    pass


class FleetSchema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Strawberry would log each error with the text of its document, which may hold names and phones."""


schema = FleetSchema(
    query=Query,
    mutation=Mutation,
    exception_handlers=[RefusedInputHandler()],
    # Built once: a rule class made per request would never hit the validation cache.
    extensions=[lambda: AddValidationRules([DepthLimit]), ParserCache, ValidationCache, PresentErrors],
)
