"""Types that the nouns of a circular graph name before they are made: driver → vehicle → driver."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from fleet_api.graphql.driver.types import DriverType
    from fleet_api.graphql.fleet_provider.types import FleetProviderType
    from fleet_api.graphql.geofence.types import GeofenceType
    from fleet_api.graphql.vehicle.types import VehicleType
    from fleet_api.graphql.vehicle_assignment.types import VehicleAssignmentType

LazyDriver = Annotated["DriverType", strawberry.lazy("fleet_api.graphql.driver.types")]
LazyFleetProvider = Annotated["FleetProviderType", strawberry.lazy("fleet_api.graphql.fleet_provider.types")]
LazyGeofence = Annotated["GeofenceType", strawberry.lazy("fleet_api.graphql.geofence.types")]
LazyVehicle = Annotated["VehicleType", strawberry.lazy("fleet_api.graphql.vehicle.types")]
LazyVehicleAssignment = Annotated[
    "VehicleAssignmentType", strawberry.lazy("fleet_api.graphql.vehicle_assignment.types")
]
