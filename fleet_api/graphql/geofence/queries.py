from typing import Annotated

import strawberry

from fleet_api.graphql.geofence.inputs import GeofenceFilterInput, GeofenceOrderInput
from fleet_api.graphql.geofence.types import GeofenceType
from fleet_api.graphql.shared.connection import Connection, connection
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.node import local_id
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import PageRequest
from fleet_api.telemetry.infrastructure.telemetry_depends import list_geofences_depends, read_geofences_depends


@strawberry.type
class GeofenceQueries:
    @strawberry.field(description="One geofence, or null.")
    def geofence(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Global id.")]
    ) -> GeofenceType | None:
        return info.context.load(read_geofences_depends, local_id("Geofence", id))

    @connection(description="The geofences that you may see.")
    def geofences(
        self,
        info: Info,
        page: PageRequest,
        filter: GeofenceFilterInput | None = None,
        order_by: GeofenceOrderInput | None = None,
    ) -> Connection[GeofenceType] | None:
        return info.context.ask(list_geofences_depends, Listing(page, filter, order_by))
