"""A mutation that changes something is told: whoever adds one says here of what, or why of nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.graphql.event.kinds import FleetEventKind
from fleet_api.shared.domain.permission import Role
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from tests.graphql.test_idempotency import invitation
from tests.support.api import Api, global_id
from tests.support.events import told
from tests.support.schema_walk import CORE
from tests.support.world import World

MUTATIONS = CORE.mutation_type.fields  # type: ignore[union-attr]
PASSWORD = "correct horse battery"

_SILENT = {
    "refreshToken": "a session is between a phone and us",
    "logout": "a session is between a phone and us",
    "recordTelemetry": "positions are a stream of their own; what they amount to is shown with telemetry",
    "createGeofence": "a border is a setting; its crossings are events",
    "deleteGeofence": "a border is a setting; its crossings are events",
}


async def scene(world: World) -> dict[str, Any]:
    """Ids of things in the states that mutations need."""
    north, stopped = await world.provider(), await world.provider(status=FleetProviderStatus.SUSPENDED)
    model = await world.vehicle_model()
    vehicles = {status: await world.vehicle(north, model, status=status) for status in VehicleStatus}
    drivers = {status: await world.driver(north, status=status) for status in DriverStatus}
    await world.assignment(vehicles[VehicleStatus.ASSIGNED], await world.driver(north))
    return {
        "provider": global_id("FleetProvider", north.id),
        "stopped": global_id("FleetProvider", stopped.id),
        "model": global_id("VehicleModel", model.id),
        **{f"driver {status}": global_id("Driver", driver.id) for status, driver in drivers.items()},
        **{f"vehicle {status}": global_id("Vehicle", vehicle.id) for status, vehicle in vehicles.items()},
    }


_REGISTER_PROVIDER = {"legalName": "N", "taxId": "1", "countryCode": "NO", "currency": "NOK", "timezone": "Europe/Oslo"}
_REGISTER_VEHICLE = {"vin": "WVWZZZE1ZMP999999", "plate": "EL 99999", "plateCountry": "NO", "odometerM": 0}

_Asked = Callable[[dict[str, Any]], dict[str, Any]]
TOLD: dict[str, tuple[_Asked, list[str]]] = {
    "registerFleetProvider": (lambda ids: _REGISTER_PROVIDER, ["FLEET_PROVIDER_REGISTERED"]),
    "updateFleetProvider": (
        lambda ids: {"fleetProviderId": ids["provider"], "legalName": "Other AS"},
        ["FLEET_PROVIDER_UPDATED"],
    ),
    "suspendFleetProvider": (lambda ids: {"fleetProviderId": ids["provider"]}, ["FLEET_PROVIDER_STATUS_CHANGED"]),
    "reactivateFleetProvider": (lambda ids: {"fleetProviderId": ids["stopped"]}, ["FLEET_PROVIDER_STATUS_CHANGED"]),
    "closeFleetProvider": (lambda ids: {"fleetProviderId": ids["stopped"]}, ["FLEET_PROVIDER_STATUS_CHANGED"]),
    "inviteDriver": (
        lambda ids: invitation(fleetProviderId=ids["provider"])["input"],
        ["DRIVER_INVITED"],
    ),
    "activateDriver": (lambda ids: {"driverId": ids["driver INVITED"]}, ["DRIVER_STATUS_CHANGED"]),
    "updateDriver": (lambda ids: {"driverId": ids["driver ACTIVE"], "fullName": "Other"}, ["DRIVER_UPDATED"]),
    "suspendDriver": (lambda ids: {"driverId": ids["driver ACTIVE"]}, ["DRIVER_STATUS_CHANGED"]),
    "offboardDriver": (lambda ids: {"driverId": ids["driver SUSPENDED"]}, ["DRIVER_STATUS_CHANGED"]),
    "login": (lambda ids: {"phone": "+4791234567", "password": PASSWORD}, ["DRIVER_STATUS_CHANGED"]),
    "registerVehicle": (
        lambda ids: _REGISTER_VEHICLE | {"fleetProviderId": ids["provider"], "modelId": ids["model"]},
        ["VEHICLE_REGISTERED"],
    ),
    "updateVehicle": (lambda ids: {"vehicleId": ids["vehicle AVAILABLE"], "plate": "EL 88888"}, ["VEHICLE_UPDATED"]),
    "sendVehicleToMaintenance": (lambda ids: {"vehicleId": ids["vehicle AVAILABLE"]}, ["VEHICLE_STATUS_CHANGED"]),
    "returnVehicleToService": (lambda ids: {"vehicleId": ids["vehicle MAINTENANCE"]}, ["VEHICLE_STATUS_CHANGED"]),
    "retireVehicle": (lambda ids: {"vehicleId": ids["vehicle AVAILABLE"]}, ["VEHICLE_STATUS_CHANGED"]),
    "assignVehicle": (
        lambda ids: {"vehicleId": ids["vehicle AVAILABLE"], "driverId": ids["driver ACTIVE"]},
        ["VEHICLE_ASSIGNED", "VEHICLE_STATUS_CHANGED"],
    ),
    "releaseVehicle": (
        lambda ids: {"vehicleId": ids["vehicle ASSIGNED"]},
        ["VEHICLE_RELEASED", "VEHICLE_STATUS_CHANGED"],
    ),
}


async def submit(api: Api, mutation: str, asked: dict[str, Any]) -> None:
    kind = MUTATIONS[mutation].args["input"].type
    document = f"mutation($i: {kind}) {{ {mutation}(input: $i) {{ __typename ... on Error {{ code field }} }} }}"
    answer = (await api.data(document, {"i": asked}))[mutation]
    assert "code" not in answer, answer


def test_every_mutation_is_here() -> None:
    assert TOLD.keys() | _SILENT.keys() == set(MUTATIONS)


@pytest.mark.parametrize("mutation", TOLD)
async def test_what_it_changes_is_told(mutation: str, api: Api, world: World) -> None:
    ids = await scene(world)
    ops = api.as_role(Role.PLATFORM_OPS)
    if mutation == "login":
        invited = invitation(fleetProviderId=ids["provider"], password=PASSWORD)
        await submit(ops, "inviteDriver", invited["input"])
    before = await told(world)
    asked, kinds = TOLD[mutation]
    await submit(ops, mutation, asked(ids))
    assert [event.kind for event in (await told(world))[len(before) :]] == kinds


def test_every_kind_is_told_by_some_mutation_or_by_telemetry() -> None:
    """Else it would be a promise in the schema that nobody keeps."""
    elsewhere = {"GEOFENCE_CROSSED", "STATE_OF_CHARGE_FELL", "SNAPSHOT_REQUIRED"}
    assert {kind for _, kinds in TOLD.values() for kind in kinds} | elsewhere == set(FleetEventKind)
