from typing import Annotated

import strawberry

from fleet_api.graphql.shared.connection import Connection, connection
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.node import local_id
from fleet_api.graphql.vehicle.inputs import VehicleFilterInput, VehicleOrderInput
from fleet_api.graphql.vehicle.types import VehicleType
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import PageRequest
from fleet_api.vehicles.infrastructure.vehicles_depends import list_vehicles_depends, read_vehicles_depends


@strawberry.type
class VehicleQueries:
    @strawberry.field(description="One vehicle, or null.")
    def vehicle(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Global id.")]
    ) -> VehicleType | None:
        return info.context.load(read_vehicles_depends, local_id("Vehicle", id))

    @connection(description="The vehicles that you may see; to a driver, the one that they hold.")
    def vehicles(
        self,
        info: Info,
        page: PageRequest,
        filter: VehicleFilterInput | None = None,
        order_by: VehicleOrderInput | None = None,
    ) -> Connection[VehicleType] | None:
        return info.context.ask(list_vehicles_depends, Listing(page, filter, order_by))
