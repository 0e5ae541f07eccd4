from typing import Annotated

import strawberry

from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import (
    list_fleet_providers_depends,
    read_fleet_providers_depends,
)
from fleet_api.graphql.fleet_provider.inputs import FleetProviderFilterInput, FleetProviderOrderInput
from fleet_api.graphql.fleet_provider.types import FleetProviderType
from fleet_api.graphql.shared.connection import Connection, connection
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.node import local_id
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import PageRequest


@strawberry.type
class FleetProviderQueries:
    @strawberry.field(description="One provider, or null.")
    def fleet_provider(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Global id.")]
    ) -> FleetProviderType | None:
        return info.context.load(read_fleet_providers_depends, local_id("FleetProvider", id))

    @connection(description="The providers that you may see.")
    def fleet_providers(
        self,
        info: Info,
        page: PageRequest,
        filter: FleetProviderFilterInput | None = None,
        order_by: FleetProviderOrderInput | None = None,
    ) -> Connection[FleetProviderType] | None:
        return info.context.ask(list_fleet_providers_depends, Listing(page, filter, order_by))
