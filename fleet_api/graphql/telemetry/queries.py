from typing import Annotated

import strawberry

from fleet_api.graphql.shared.connection import Connection, connection
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.telemetry.arguments import Pct, charge_of
from fleet_api.graphql.telemetry.inputs import BoxInput
from fleet_api.graphql.telemetry.types import TelemetryPointType
from fleet_api.graphql.vehicle.inputs import VehicleFilterInput
from fleet_api.graphql.vehicle.types import VehicleType
from fleet_api.shared.domain.page import MAX_MAP_SIZE, PageRequest
from fleet_api.telemetry.domain.telemetry_dto import LowBatteriesAsked, VehiclesWithinAsked
from fleet_api.telemetry.infrastructure.telemetry_depends import (
    list_low_batteries_depends,
    list_vehicles_within_depends,
)


@strawberry.type
class TelemetryQueries:
    @connection(description="The vehicles whose latest position lies in a box.", max_size=MAX_MAP_SIZE)
    def vehicles_within(
        self,
        info: Info,
        page: PageRequest,
        box: Annotated[BoxInput, strawberry.argument(description="Where to look.")],
        filter: VehicleFilterInput | None = None,
    ) -> Connection[VehicleType] | None:
        return info.context.ask(list_vehicles_within_depends, VehiclesWithinAsked(page, box, filter))

    @connection(
        description="The latest points of the vehicles whose battery is below so many per cent, emptiest first. "
        "`stateOfChargeBelow` tells of each as it happens."
    )
    def low_batteries(self, info: Info, page: PageRequest, pct: Pct = 20) -> Connection[TelemetryPointType] | None:
        return info.context.ask(list_low_batteries_depends, LowBatteriesAsked(page, charge_of(pct)))
