from uuid import UUID

import strawberry

from fleet_api.fleet_providers.domain.fleet_provider_events import FleetProviderEvent
from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import read_fleet_providers_depends
from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyFleetProvider


@strawberry.type(name="FleetProviderChanged", description="A provider came, or changed.")
class FleetProviderChangedType(FleetEventType):
    recorded_as = FleetProviderEvent

    subject_id: strawberry.Private[UUID]
    changed: list[str] = strawberry.field(
        description="The fields that differ beside its status, as `FleetProvider` spells them."
    )

    @strawberry.field(description="The provider as it is now.")
    def fleet_provider(self, info: Info) -> LazyFleetProvider | None:
        return info.context.load(read_fleet_providers_depends, self.subject_id)
