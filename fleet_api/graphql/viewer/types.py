from uuid import UUID

import strawberry

from fleet_api.drivers.infrastructure.drivers_depends import read_drivers_depends
from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import read_fleet_providers_depends
from fleet_api.graphql.driver.types import DriverType
from fleet_api.graphql.fleet_provider.types import FleetProviderType
from fleet_api.graphql.shared.info import Info
from fleet_api.shared.domain.permission import Role


@strawberry.type(name="Viewer", description="Whoever asks, as the token tells.")
class ViewerType:
    provider_id: strawberry.Private[UUID | None]
    driver_id: strawberry.Private[UUID | None]
    role: Role | None = strawberry.field(description="What they may do; null for whoever sent no token.")

    @strawberry.field(description="The provider that they belong to; null for the platform's operator.")
    def fleet_provider(self, info: Info) -> FleetProviderType | None:
        return info.context.load(read_fleet_providers_depends, self.provider_id) if self.provider_id else None

    @strawberry.field(description="The driver that they are, if they are one.")
    def driver(self, info: Info) -> DriverType | None:
        return info.context.load(read_drivers_depends, self.driver_id) if self.driver_id else None
