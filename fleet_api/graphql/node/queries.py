"""Relay's `node` and `nodes`: any object by its global id."""

from typing import Annotated, Any

import strawberry
from strawberry import relay

from fleet_api.graphql.audit.types import AuditEntryType
from fleet_api.graphql.driver.types import DriverType
from fleet_api.graphql.fleet_provider.types import FleetProviderType
from fleet_api.graphql.geofence.types import GeofenceCrossingType, GeofenceType
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.node import NOT_AN_ID, EntityNode, parse_global_id
from fleet_api.graphql.telemetry.types import TelemetryPointType
from fleet_api.graphql.trip.types import TripType
from fleet_api.graphql.vehicle.types import VehicleType
from fleet_api.graphql.vehicle_assignment.types import VehicleAssignmentType
from fleet_api.graphql.vehicle_model.types import VehicleModelType
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.page import MAX_SIZE
from fleet_api.shared.domain.shared_errors import invalid_input, too_many_ids

_NODES: dict[str, type[EntityNode]] = {
    "AuditEntry": AuditEntryType,
    "Driver": DriverType,
    "FleetProvider": FleetProviderType,
    "Geofence": GeofenceType,
    "GeofenceCrossing": GeofenceCrossingType,
    "TelemetryPoint": TelemetryPointType,
    "Trip": TripType,
    "Vehicle": VehicleType,
    "VehicleAssignment": VehicleAssignmentType,
    "VehicleModel": VehicleModelType,
}


@strawberry.type
class NodeQueries:
    @strawberry.field(description="Any object by its global id, or null.")
    def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Global id.")]
    ) -> relay.Node | None:
        return _load(info, id, "id")

    @strawberry.field(
        description="Several objects by their global ids, in their order, null for each that is not there."
    )
    def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description=f"At most {MAX_SIZE} global ids.")],
    ) -> list[relay.Node | None] | None:
        if len(ids) > MAX_SIZE:
            raise Refused(too_many_ids(MAX_SIZE, "ids"))
        return [_load(info, id, "ids") for id in ids]


def _load(info: Info, id: str, field: str) -> Any:
    name, key = parse_global_id(id) or ("", "")
    try:
        kind = _NODES[name]
        return info.context.load(kind.read, kind.parse_key(key))
    except (KeyError, ValueError):
        raise Refused(invalid_input("INVALID_ID", NOT_AN_ID, field)) from None
