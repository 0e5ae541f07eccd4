from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import relay

from fleet_api.drivers.infrastructure.drivers_depends import (
    count_provider_drivers_depends,
    list_provider_drivers_depends,
)
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import (
    list_child_fleet_providers_depends,
    read_fleet_providers_depends,
)
from fleet_api.graphql.driver.inputs import DriverFilterInput, DriverOrderInput
from fleet_api.graphql.shared.connection import Connection, connection
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyDriver, LazyVehicle
from fleet_api.graphql.shared.node import EntityNode
from fleet_api.graphql.vehicle.inputs import VehicleFilterInput, VehicleOrderInput
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import PageRequest
from fleet_api.vehicles.domain.entities.vehicle_status import ON_THE_BOOKS, VehicleStatus
from fleet_api.vehicles.infrastructure.vehicles_depends import (
    count_provider_vehicles_depends,
    list_provider_vehicles_depends,
)


@strawberry.type(name="FleetProviderTotals", description="How much there is of what, right now.")
class FleetProviderTotalsType:
    id: strawberry.Private[UUID]

    @strawberry.field(description="Drivers who are not offboarded.")
    def drivers(self, info: Info) -> int | None:
        return info.context.load(count_provider_drivers_depends, self.id)

    @strawberry.field(description="Vehicles that are not retired.")
    def vehicles(self, info: Info) -> int | None:
        return info.context.load(count_provider_vehicles_depends, self.id, ON_THE_BOOKS)

    @strawberry.field(description="Vehicles that are charging.")
    def charging(self, info: Info) -> int | None:
        return info.context.load(count_provider_vehicles_depends, self.id, frozenset({VehicleStatus.CHARGING}))


@strawberry.type(
    name="FleetProvider", description="A company that runs vehicles: the tenant that everything belongs to."
)
class FleetProviderType(EntityNode):
    entity = FleetProvider
    read = read_fleet_providers_depends

    id: relay.NodeID[UUID]
    parent_id: strawberry.Private[UUID | None]
    legal_name: str = strawberry.field(description="Name in the commercial register.")
    tax_id: str = strawberry.field(description="Tax number in its country.")
    country_code: str = strawberry.field(description="ISO 3166-1 alpha-2 code of its seat.")
    currency: str = strawberry.field(description="ISO 4217 code of the money that it keeps its books in.")
    timezone: str = strawberry.field(description="IANA zone of its working day.")
    status: FleetProviderStatus = strawberry.field(description="Where it stands.")
    version: int = strawberry.field(description="Grows by one with every change; send it as `expectedVersion`.")
    created_at: datetime = strawberry.field(description="When it was registered.")

    @strawberry.field(description="The provider that it belongs to, if any and if you may see it.")
    def parent(self, info: Info) -> "FleetProviderType | None":
        return info.context.load(read_fleet_providers_depends, self.parent_id)

    @connection(description="Providers that belong to it, oldest first.")
    def children(self, info: Info, page: PageRequest) -> Connection["FleetProviderType"] | None:
        return info.context.load(list_child_fleet_providers_depends, self.id, page)

    @connection(description="Its drivers.")
    def drivers(
        self,
        info: Info,
        page: PageRequest,
        filter: DriverFilterInput | None = None,
        order_by: DriverOrderInput | None = None,
    ) -> Connection[LazyDriver] | None:
        return info.context.load(list_provider_drivers_depends, self.id, Listing(page, filter, order_by))

    @connection(description="Its vehicles.")
    def vehicles(
        self,
        info: Info,
        page: PageRequest,
        filter: VehicleFilterInput | None = None,
        order_by: VehicleOrderInput | None = None,
    ) -> Connection[LazyVehicle] | None:
        return info.context.load(list_provider_vehicles_depends, self.id, Listing(page, filter, order_by))

    @strawberry.field(description="How much there is of what, right now.")
    def totals(self) -> FleetProviderTotalsType:
        return FleetProviderTotalsType(id=self.id)
