from uuid import UUID

import strawberry

from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyVehicle
from fleet_api.telemetry.domain.telemetry_events import StateOfChargeEvent
from fleet_api.vehicles.infrastructure.vehicles_depends import read_vehicles_depends


@strawberry.type(
    name="StateOfChargeFell",
    description="A vehicle's battery fell below a whole per cent. `from` and `to` are per cent, rounded down to 2 "
    "decimals.",
)
class StateOfChargeFellType(FleetEventType):
    recorded_as = StateOfChargeEvent

    subject_id: strawberry.Private[UUID]

    @strawberry.field(description="Whose battery. To a driver, only while they hold it.")
    def vehicle(self, info: Info) -> LazyVehicle | None:
        return info.context.load(read_vehicles_depends, self.subject_id)
