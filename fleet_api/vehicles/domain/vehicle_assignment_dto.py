from enum import StrEnum
from uuid import UUID

from pydantic import Field

from fleet_api.shared.domain.dto import OrderDto
from fleet_api.shared.domain.fields import Note
from fleet_api.shared.domain.page import Direction
from fleet_api.vehicles.domain.vehicle_dto import VehicleChangeDto
from fleet_api.vehicles.domain.vehicle_fields import OdometerM, StateOfChargePct


class AssignVehicleDto(VehicleChangeDto):
    driver_id: UUID = Field(description="Global id of the Driver who takes the vehicle.")
    handover_odometer_m: OdometerM | None = Field(
        None, description="Metres on the odometer, never fewer than before; the vehicle's by default."
    )
    handover_state_of_charge_pct: StateOfChargePct | None = Field(
        None, description="How full the battery is, 0 to 100."
    )
    note: Note | None = Field(None, description="Anything to remember of the handover, at most 2,000 characters.")


class ReleaseVehicleDto(VehicleChangeDto):
    return_odometer_m: OdometerM | None = Field(
        None, description="Metres on the odometer, never fewer than at the handover; the vehicle's by default."
    )
    return_state_of_charge_pct: StateOfChargePct | None = Field(None, description="How full the battery is, 0 to 100.")
    note: Note | None = Field(
        None, description="Anything to remember of the return; it is added to the handover's note on a new line."
    )


class VehicleAssignmentOrderField(StrEnum):
    """What assignments can be ordered by."""

    STARTED_AT = "STARTED_AT"


class VehicleAssignmentOrder(OrderDto):
    field: VehicleAssignmentOrderField = Field(VehicleAssignmentOrderField.STARTED_AT, description="What to order by.")
    direction: Direction = Field(Direction.DESC, description="Which way.")
