from uuid import UUID

import strawberry

from fleet_api.drivers.domain.driver_events import DriverEvent
from fleet_api.drivers.infrastructure.drivers_depends import read_drivers_depends
from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyDriver


@strawberry.type(name="DriverChanged", description="A driver came, or changed.")
class DriverChangedType(FleetEventType):
    recorded_as = DriverEvent

    subject_id: strawberry.Private[UUID]
    changed: list[str] = strawberry.field(
        description="The fields that differ beside the status, as `Driver` spells them, without what they hold; "
        "`password`, where a new one ended every session."
    )

    @strawberry.field(description="The driver as they are now.")
    def driver(self, info: Info) -> LazyDriver | None:
        return info.context.load(read_drivers_depends, self.subject_id)
