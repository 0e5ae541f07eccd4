from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import relay

from fleet_api.graphql.shared.node import EntityNode
from fleet_api.vehicles.domain.connector_standard import ConnectorStandard
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.infrastructure.vehicles_depends import read_vehicle_models_depends


@strawberry.type(name="VehicleModel", description="A model of the catalogue, which all providers share.")
class VehicleModelType(EntityNode):
    entity = VehicleModel
    read = read_vehicle_models_depends

    id: relay.NodeID[UUID]
    make: str = strawberry.field(description="Who makes it, such as `Audi`.")
    name: str = strawberry.field(description="What it is called, such as `Q4 e-tron`.")
    variant: str = strawberry.field(description="Which of its kinds, such as `40 Sportback`.")
    year: int = strawberry.field(description="Model year.")
    usable_battery_kwh: float = strawberry.field(description="Usable capacity of its battery in kWh.")
    connector_types: list[ConnectorStandard] = strawberry.field(description="The plugs that it takes.")
    ac_max_kw: float = strawberry.field(description="How fast it charges by alternating current, in kW.")
    dc_max_kw: float | None = strawberry.field(
        description="How fast it charges by direct current, in kW; null where it cannot."
    )
    range_m: int | None = strawberry.field(
        description="Rated range in metres, by WLTP where it is rated so; null where no rating is known."
    )
    created_at: datetime = strawberry.field(description="When it came into the catalogue.")
