from typing import Annotated
from uuid import UUID

import strawberry

from fleet_api.graphql.shared.enums import described
from fleet_api.graphql.shared.node import decoded, id_field
from fleet_api.vehicles.domain.connector_standard import CONNECTOR_DESCRIPTIONS, ConnectorStandard
from fleet_api.vehicles.domain.vehicle_model_dto import VehicleModelFilter, VehicleModelOrder, VehicleModelOrderField

ModelId = Annotated[UUID, decoded("VehicleModel"), id_field("Global id of the VehicleModel.")]
OnlyModelId = Annotated[
    UUID | None,
    decoded("VehicleModel"),
    id_field("Only vehicles of this VehicleModel (global id).", optional=True),
]

described(ConnectorStandard, **CONNECTOR_DESCRIPTIONS)
described(
    VehicleModelOrderField,
    CREATED_AT="When it came into the catalogue.",
    MAKE="Its make, by code point.",
    YEAR="Its model year.",
)


@strawberry.pydantic.input(description="Which models to list.")
class VehicleModelFilterInput(VehicleModelFilter):
    pass


@strawberry.pydantic.input(description="In which order to list models.")
class VehicleModelOrderInput(VehicleModelOrder):
    pass
