from typing import Annotated

import strawberry

from fleet_api.graphql.shared.connection import Connection, connection
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.node import local_id
from fleet_api.graphql.vehicle_model.inputs import VehicleModelFilterInput, VehicleModelOrderInput
from fleet_api.graphql.vehicle_model.types import VehicleModelType
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import PageRequest
from fleet_api.vehicles.infrastructure.vehicles_depends import list_vehicle_models_depends, read_vehicle_models_depends


@strawberry.type
class VehicleModelQueries:
    @strawberry.field(description="One model of the catalogue, or null.")
    def vehicle_model(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Global id.")]
    ) -> VehicleModelType | None:
        return info.context.load(read_vehicle_models_depends, local_id("VehicleModel", id))

    @connection(description="The catalogue.")
    def vehicle_models(
        self,
        info: Info,
        page: PageRequest,
        filter: VehicleModelFilterInput | None = None,
        order_by: VehicleModelOrderInput | None = None,
    ) -> Connection[VehicleModelType] | None:
        return info.context.ask(list_vehicle_models_depends, Listing(page, filter, order_by))
