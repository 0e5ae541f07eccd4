from enum import StrEnum
from uuid import UUID

from pydantic import Field

from fleet_api.shared.domain.dto import ChangeDto, CommandDto, FilterDto, OrderDto
from fleet_api.shared.domain.fields import CountryCode, SearchText
from fleet_api.shared.domain.page import Direction
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.vehicle_fields import BatteryKwh, OdometerM, Plate, Vin


class RegisterVehicleDto(CommandDto):
    fleet_provider_id: UUID | None = Field(
        None, description="Global id of the FleetProvider; your own by default. The platform's operator must name one."
    )
    vin: Vin = Field(
        description="Vehicle identification number (ISO 3779), 17 characters; unique but for retired vehicles. Its "
        "check digit must fit where the region demands one (first character 1 to 5, or L)."
    )
    plate: Plate = Field(
        description="Number plate, 1 to 16 characters, kept in upper case. Unique in its country but for retired "
        "vehicles, whatever its spaces and hyphens."
    )
    plate_country: CountryCode = Field(description="Country that issued the plate, ISO 3166-1 alpha-2.")
    model_id: UUID = Field(description="Global id of the VehicleModel.")
    usable_battery_kwh: BatteryKwh | None = Field(
        None, description="Usable capacity of this vehicle's battery, 1 to 2,000 kWh; the model's by default."
    )
    odometer_m: OdometerM = Field(0, description="Metres on the odometer, below 2,147,483,648.")


class VehicleChangeDto(ChangeDto):
    vehicle_id: UUID = Field(description="Global id of the Vehicle.")

    @property
    def target(self) -> UUID:
        return self.vehicle_id


class UpdateVehicleDto(VehicleChangeDto):
    plate: Plate | None = Field(None, description="New number plate; left out or null, it stays.")
    plate_country: CountryCode | None = Field(None, description="Its country; left out or null, it stays.")
    usable_battery_kwh: BatteryKwh | None = Field(None, description="New usable capacity; left out or null, it stays.")
    odometer_m: OdometerM | None = Field(
        None, description="Metres on the odometer, never fewer than before; left out or null, they stay."
    )


class SendVehicleToMaintenanceDto(VehicleChangeDto):
    out_of_service: bool = Field(
        False, description="True for OUT_OF_SERVICE (broken, stolen, laid up) instead of MAINTENANCE."
    )


class VehicleFilter(FilterDto):
    statuses: tuple[VehicleStatus, ...] | None = Field(
        None, description="Only vehicles in one of these states.", max_length=10
    )
    search: SearchText | None = Field(
        None,
        description="Only vehicles whose plate or VIN starts with this, whatever the case, spaces and hyphens.",
    )
    model_id: UUID | None = Field(None, description="Only vehicles of this VehicleModel (global id).")


class VehicleOrderField(StrEnum):
    """What vehicles can be ordered by."""

    CREATED_AT = "CREATED_AT"
    PLATE = "PLATE"


class VehicleOrder(OrderDto):
    field: VehicleOrderField = Field(VehicleOrderField.CREATED_AT, description="What to order by.")
    direction: Direction = Field(Direction.ASC, description="Which way.")
