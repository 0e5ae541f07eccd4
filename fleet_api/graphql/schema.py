"""The schema: a table of contents."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from fleet_api.graphql.audit.queries import AuditQueries
from fleet_api.graphql.driver.events import DriverChangedType
from fleet_api.graphql.driver.mutations import DriverMutations
from fleet_api.graphql.driver.queries import DriverQueries
from fleet_api.graphql.driver.subscriptions import DriverSubscriptions
from fleet_api.graphql.event.queries import EventQueries
from fleet_api.graphql.event.subscriptions import EventSubscriptions
from fleet_api.graphql.event.types import SnapshotRequiredType
from fleet_api.graphql.execution.fleet_schema import FleetSchema
from fleet_api.graphql.fleet_provider.events import FleetProviderChangedType
from fleet_api.graphql.fleet_provider.mutations import FleetProviderMutations
from fleet_api.graphql.fleet_provider.queries import FleetProviderQueries
from fleet_api.graphql.geofence.events import GeofenceCrossedType
from fleet_api.graphql.geofence.mutations import GeofenceMutations
from fleet_api.graphql.geofence.queries import GeofenceQueries
from fleet_api.graphql.geofence.subscriptions import GeofenceSubscriptions
from fleet_api.graphql.node.queries import NodeQueries
from fleet_api.graphql.shared.refusals import RefusedInputHandler
from fleet_api.graphql.shared.scalars import SCALARS
from fleet_api.graphql.telemetry.events import StateOfChargeFellType
from fleet_api.graphql.telemetry.mutations import TelemetryMutations
from fleet_api.graphql.telemetry.queries import TelemetryQueries
from fleet_api.graphql.telemetry.subscriptions import TelemetrySubscriptions
from fleet_api.graphql.vehicle.events import VehicleChangedType
from fleet_api.graphql.vehicle.mutations import VehicleMutations
from fleet_api.graphql.vehicle.queries import VehicleQueries
from fleet_api.graphql.vehicle.subscriptions import VehicleSubscriptions
from fleet_api.graphql.vehicle_assignment.events import AssignmentChangedType
from fleet_api.graphql.vehicle_assignment.mutations import VehicleAssignmentMutations
from fleet_api.graphql.vehicle_assignment.subscriptions import VehicleAssignmentSubscriptions
from fleet_api.graphql.vehicle_model.queries import VehicleModelQueries
from fleet_api.graphql.viewer.queries import ViewerQueries


@strawberry.type(description="Everything that can be asked.")
class Query(
    NodeQueries,
    ViewerQueries,
    FleetProviderQueries,
    DriverQueries,
    VehicleQueries,
    VehicleModelQueries,
    TelemetryQueries,
    GeofenceQueries,
    EventQueries,
    AuditQueries,
):
    pass


@strawberry.type(description="Everything that can be changed.")
class Mutation(
    FleetProviderMutations,
    DriverMutations,
    VehicleMutations,
    VehicleAssignmentMutations,
    TelemetryMutations,
    GeofenceMutations,
):
    pass


@strawberry.type(description="Everything that can be watched.")
class Subscription(
    EventSubscriptions,
    DriverSubscriptions,
    VehicleSubscriptions,
    VehicleAssignmentSubscriptions,
    TelemetrySubscriptions,
    GeofenceSubscriptions,
):
    pass


schema = FleetSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[
        FleetProviderChangedType,
        DriverChangedType,
        VehicleChangedType,
        AssignmentChangedType,
        GeofenceCrossedType,
        StateOfChargeFellType,
        SnapshotRequiredType,
    ],
    config=StrawberryConfig(scalar_map=SCALARS),
    exception_handlers=[RefusedInputHandler()],
)
