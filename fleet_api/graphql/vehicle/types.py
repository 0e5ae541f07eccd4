from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import relay

from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import read_fleet_providers_depends
from fleet_api.graphql.shared.connection import Connection, connection
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyDriver, LazyFleetProvider
from fleet_api.graphql.shared.node import EntityNode
from fleet_api.graphql.telemetry.inputs import From, To
from fleet_api.graphql.telemetry.types import TelemetryPointType, VehicleMetricsType
from fleet_api.graphql.trip.types import TripType
from fleet_api.graphql.vehicle_assignment.inputs import OrderByStart
from fleet_api.graphql.vehicle_assignment.types import VehicleAssignmentType
from fleet_api.graphql.vehicle_model.types import VehicleModelType
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import PageRequest
from fleet_api.telemetry.domain.telemetry_dto import HistoryAsked, SpanAsked
from fleet_api.telemetry.infrastructure.telemetry_depends import (
    list_vehicle_telemetry_depends,
    list_vehicle_trips_depends,
    measure_vehicles_depends,
    read_latest_telemetry_depends,
)
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.infrastructure.vehicles_depends import (
    list_vehicle_assignments_depends,
    read_current_drivers_depends,
    read_vehicle_models_depends,
    read_vehicles_depends,
)


@strawberry.type(name="Vehicle", description="An electric vehicle of a fleet provider.")
class VehicleType(EntityNode):
    entity = Vehicle
    read = read_vehicles_depends

    id: relay.NodeID[UUID]
    fleet_provider_id: strawberry.Private[UUID]
    model_id: strawberry.Private[UUID]
    vin: str = strawberry.field(description="Vehicle identification number (ISO 3779), 17 characters.")
    plate: str = strawberry.field(description="Number plate, in upper case, spaced as it was typed.")
    plate_country: str = strawberry.field(description="Country that issued the plate, ISO 3166-1 alpha-2.")
    usable_battery_kwh: float = strawberry.field(description="Usable capacity of its battery in kWh.")
    status: VehicleStatus = strawberry.field(description="Where it stands.")
    odometer_m: int = strawberry.field(description="Metres on its odometer; never goes down.")
    version: int = strawberry.field(description="Grows by one with every change; send it as `expectedVersion`.")
    created_at: datetime = strawberry.field(description="When it was registered.")

    @strawberry.field(description="What it is, in the catalogue.")
    def model(self, info: Info) -> VehicleModelType | None:
        return info.context.load(read_vehicle_models_depends, self.model_id)

    @strawberry.field(description="The provider whose books it is on.")
    def fleet_provider(self, info: Info) -> LazyFleetProvider | None:
        return info.context.load(read_fleet_providers_depends, self.fleet_provider_id)

    @strawberry.field(description="Who holds it now; null when nobody does.")
    def current_driver(self, info: Info) -> LazyDriver | None:
        return info.context.load(read_current_drivers_depends, self.id)

    @connection(description="Who held it and when.")
    def assignments(
        self, info: Info, page: PageRequest, order_by: OrderByStart = None
    ) -> Connection[VehicleAssignmentType] | None:
        return info.context.load(list_vehicle_assignments_depends, self.id, Listing(page, None, order_by))

    @strawberry.field(description="The newest that it told; null when it never told anything.")
    def latest_telemetry(self, info: Info) -> TelemetryPointType | None:
        return info.context.load(read_latest_telemetry_depends, self.id)

    @connection(description="What it told within a span of time, newest first.")
    def telemetry(
        self, info: Info, page: PageRequest, from_: From = None, to: To = None
    ) -> Connection[TelemetryPointType] | None:
        return info.context.load(list_vehicle_telemetry_depends, self.id, HistoryAsked(page, SpanAsked(from_, to)))

    @connection(description="Its trips, newest first.")
    def trips(self, info: Info, page: PageRequest) -> Connection[TripType] | None:
        return info.context.load(list_vehicle_trips_depends, self.id, page)

    @strawberry.field(
        description="What it did within a span of time; null when it told nothing in it.", metadata={"cost": 10}
    )
    def metrics(self, info: Info, from_: From = None, to: To = None) -> VehicleMetricsType | None:
        return info.context.load(measure_vehicles_depends, self.id, SpanAsked(from_, to))
