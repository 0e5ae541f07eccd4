"""Things of this context for tests without a database: believable where nobody says otherwise."""

from dataclasses import replace
from datetime import date
from typing import Any

from fleet_api.drivers.domain.driver_dto import InviteDriverDto
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.fleet_providers.domain.fleet_provider_dto import RegisterFleetProviderDto
from fleet_api.vehicles.domain.connector_standard import ConnectorStandard
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.open_ev_data import ModelDraft
from fleet_api.vehicles.domain.vehicle_dto import RegisterVehicleDto

DRAFT = ModelDraft("Audi", "Q4", "40", 2024, 77.0, (ConnectorStandard.IEC_62196_T2,), 11.0, None, 520_000)
MODEL = VehicleModel.of(DRAFT)
REGISTER = RegisterVehicleDto(
    vin="WVWZZZE1ZMP012345", plate="EL 12345", plate_country="NO", model_id=MODEL.id, odometer_m=5_000
)


def provider(status: FleetProviderStatus = FleetProviderStatus.ACTIVE) -> FleetProvider:
    dto = RegisterFleetProviderDto(
        legal_name="Nordlys AS", tax_id="NO1", country_code="NO", currency="NOK", timezone="Europe/Oslo"
    )
    return replace(FleetProvider.register(dto, None), status=status)


def vehicle(at: FleetProvider, **fields: Any) -> Vehicle:
    return replace(Vehicle.register(REGISTER, at.id, MODEL), **fields)


def driver(at: FleetProvider, status: DriverStatus = DriverStatus.ACTIVE) -> Driver:
    dto = InviteDriverDto(
        full_name="Kari Nordmann",
        phone="+4790000000",
        email="kari@example.com",
        licence_number="L1",
        licence_country="NO",
        licence_classes=("B",),
        licence_expires_on=date(2040, 1, 1),
    )
    return replace(Driver.invite(dto, at.id), status=status)
