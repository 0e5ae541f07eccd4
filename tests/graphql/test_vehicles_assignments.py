"""Handing vehicles over and taking them back through the API."""

from datetime import UTC, datetime
from typing import Any

import pytest

from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from tests.support.api import Api, global_id
from tests.support.world import World

_ANSWER = """__typename
    ... on VehicleAssignment {
      id startedAt endedAt handoverOdometerM handoverStateOfChargePct returnOdometerM returnStateOfChargePct note
      driver { id currentVehicle { id } } vehicle { id status odometerM version currentDriver { id } }
    }
    ... on Error { code field }"""


async def _assign(api: Api, vehicle_id: object, driver_id: object, **more: Any) -> Any:
    fields = {"vehicleId": global_id("Vehicle", vehicle_id), "driverId": global_id("Driver", driver_id)}
    document = f"mutation($i: AssignVehicleInput!) {{ r: assignVehicle(input: $i) {{ {_ANSWER} }} }}"
    return (await api.data(document, {"i": fields | more}))["r"]


async def _release(api: Api, vehicle_id: object, **more: Any) -> Any:
    document = f"mutation($i: ReleaseVehicleInput!) {{ r: releaseVehicle(input: $i) {{ {_ANSWER} }} }}"
    return (await api.data(document, {"i": {"vehicleId": global_id("Vehicle", vehicle_id)} | more}))["r"]


async def test_a_vehicle_is_handed_over_and_comes_back(api: Api, world: World) -> None:
    north = await world.provider()
    vehicle, driver = await world.vehicle(north, odometer_m=5_000), await world.driver(north)
    asked = api.as_role(Role.DISPATCHER, north.id)
    out = await _assign(asked, vehicle.id, driver.id, handoverStateOfChargePct=88.5, note="Full tank of air")
    held = {"id": global_id("Vehicle", vehicle.id)}
    holder = {"id": global_id("Driver", driver.id)}
    assert out["driver"] == holder | {"currentVehicle": held}
    assert out["vehicle"] == held | {"status": "ASSIGNED", "odometerM": 5_000, "version": 2, "currentDriver": holder}
    assert (out["endedAt"], out["handoverOdometerM"], out["handoverStateOfChargePct"]) == (None, 5_000, 88.5)
    back = await _release(asked, vehicle.id, returnOdometerM=7_500, returnStateOfChargePct=20, note="Clean")
    assert back["id"] == out["id"]
    assert back["endedAt"] >= back["startedAt"]
    assert (back["returnOdometerM"], back["returnStateOfChargePct"]) == (7_500, 20)
    assert back["note"] == "Full tank of air\nClean"
    assert back["vehicle"] == held | {"status": "AVAILABLE", "odometerM": 7_500, "version": 3, "currentDriver": None}
    assert back["driver"] == holder | {"currentVehicle": None}


async def test_a_lost_answer_is_replayed_and_nothing_happens_twice(api: Api, world: World) -> None:
    north = await world.provider()
    vehicle, driver = await world.vehicle(north), await world.driver(north)
    asked = api.as_role(Role.DISPATCHER, north.id)
    first = await _assign(asked, vehicle.id, driver.id, idempotencyKey="k")
    assert first["__typename"] == "VehicleAssignment"
    assert await _assign(asked, vehicle.id, driver.id, idempotencyKey="k") == first
    assert (await _assign(asked, vehicle.id, driver.id))["code"] == "VEHICLE_ALREADY_ASSIGNED"


async def test_neither_is_taken_twice(api: Api, world: World) -> None:
    """vehicles rule 1."""
    north = await world.provider()
    vehicle, driver = await world.vehicle(north), await world.driver(north)
    asked = api.as_role(Role.DISPATCHER, north.id)
    await _assign(asked, vehicle.id, driver.id)
    other = await _assign(asked, vehicle.id, (await world.driver(north)).id)
    second = await _assign(asked, (await world.vehicle(north)).id, driver.id)
    assert other == {"__typename": "Conflict", "code": "VEHICLE_ALREADY_ASSIGNED", "field": "input.vehicleId"}
    assert second == {"__typename": "Conflict", "code": "DRIVER_ALREADY_HOLDS_A_VEHICLE", "field": "input.driverId"}


@pytest.mark.parametrize("status", ["MAINTENANCE", "OUT_OF_SERVICE", "RETIRED"])
async def test_what_is_off_the_road_is_not_assigned(api: Api, world: World, status: str) -> None:
    """vehicles rule 4."""
    north = await world.provider()
    vehicle = await world.vehicle(north, status=VehicleStatus(status))
    refused = await _assign(api.as_role(Role.DISPATCHER, north.id), vehicle.id, (await world.driver(north)).id)
    assert refused == {"__typename": "Conflict", "code": "VEHICLE_NOT_AVAILABLE", "field": "input.vehicleId"}


async def test_readings_never_fall(api: Api, world: World) -> None:
    """vehicles rule 3."""
    north = await world.provider()
    vehicle, driver = await world.vehicle(north, odometer_m=5_000), await world.driver(north)
    asked = api.as_role(Role.DISPATCHER, north.id)
    handover = await _assign(asked, vehicle.id, driver.id, handoverOdometerM=4_999)
    assert (handover["code"], handover["field"]) == ("ODOMETER_FELL", "input.handoverOdometerM")
    assert (await _assign(asked, vehicle.id, driver.id, handoverOdometerM=6_000))["vehicle"]["odometerM"] == 6_000
    back = await _release(asked, vehicle.id, returnOdometerM=5_999)
    assert (back["code"], back["field"]) == ("ODOMETER_FELL", "input.returnOdometerM")


async def test_other_refusals_of_a_handover(api: Api, world: World) -> None:
    """fleet_providers rule 1: a driver of a suspended one takes no vehicle; and whatever else refuses a handover."""
    north, resting = await world.provider(), await world.provider(status=FleetProviderStatus.SUSPENDED)
    vehicle, driver = await world.vehicle(north), await world.driver(north)
    idle = await world.driver(north, status=DriverStatus.SUSPENDED)
    asked = api.as_role(Role.DISPATCHER, north.id)
    theirs = api.as_role(Role.DISPATCHER, resting.id)

    async def code(api: Api, vehicle_id: object, driver_id: object, **more: Any) -> tuple[str, str | None]:
        refused = await _assign(api, vehicle_id, driver_id, **more)
        return refused["code"], refused["field"]

    stopped = (await world.vehicle(resting)).id, (await world.driver(resting)).id
    assert await code(theirs, *stopped) == ("PROVIDER_NOT_OPERATING", None)
    assert await code(asked, vehicle.id, idle.id) == ("DRIVER_NOT_ACTIVE", "input.driverId")
    assert await code(asked, vehicle.id, stopped[1]) == ("NOT_FOUND", "input.driverId")
    assert await code(asked, stopped[0], driver.id) == ("NOT_FOUND", "input.vehicleId")
    assert await code(asked, new_id(), driver.id) == ("NOT_FOUND", "input.vehicleId")
    # The platform's operator sees both, but a vehicle stays with its provider.
    assert await code(api.as_role(Role.PLATFORM_OPS), vehicle.id, stopped[1]) == ("NOT_FOUND", "input.driverId")
    assert await code(asked, vehicle.id, driver.id, expectedVersion=9) == ("STALE_VERSION", "input.expectedVersion")
    full = await code(asked, vehicle.id, driver.id, handoverStateOfChargePct=101)
    assert full == ("INVALID_INPUT", "input.handoverStateOfChargePct")
    assert (await code(api.as_role(Role.AUDITOR, north.id), vehicle.id, driver.id))[0] == "FORBIDDEN"
    assert (await _release(asked, vehicle.id))["code"] == "VEHICLE_NOT_ASSIGNED"
    assert (await _release(asked, stopped[0]))["code"] == "NOT_FOUND"


async def test_a_vehicle_that_is_out_goes_neither_to_the_workshop_nor_off_the_books(api: Api, world: World) -> None:
    north = await world.provider()
    vehicle, driver = await world.vehicle(north), await world.driver(north)
    asked = api.as_role(Role.DISPATCHER, north.id)
    await _assign(asked, vehicle.id, driver.id)
    data = await asked.data(
        """mutation($id: ID!) {
             a: sendVehicleToMaintenance(input: {vehicleId: $id}) { ... on Error { code } }
             b: returnVehicleToService(input: {vehicleId: $id}) { ... on Error { code } }
             c: retireVehicle(input: {vehicleId: $id}) { ... on Error { code } } }""",
        {"id": global_id("Vehicle", vehicle.id)},
    )
    assert [answer["code"] for answer in data.values()] == ["ILLEGAL_TRANSITION"] * 3


async def test_suspending_a_driver_leaves_the_vehicle_with_them(api: Api, world: World) -> None:
    north = await world.provider()
    vehicle, driver = await world.vehicle(north), await world.driver(north)
    asked = api.as_role(Role.DISPATCHER, north.id)
    await _assign(asked, vehicle.id, driver.id)
    data = await asked.data(
        "mutation($id: ID!) { suspendDriver(input: {driverId: $id}) { ... on Driver { currentVehicle { id } } } }",
        {"id": global_id("Driver", driver.id)},
    )
    assert data["suspendDriver"] == {"currentVehicle": {"id": global_id("Vehicle", vehicle.id)}}
    assert (await _release(asked, vehicle.id))["vehicle"]["status"] == "AVAILABLE"


async def test_a_provider_whose_vehicles_are_out_cannot_be_closed(api: Api, world: World) -> None:
    """fleet_providers rule 2: here vehicles are out."""
    north = await world.provider(status=FleetProviderStatus.SUSPENDED)
    vehicle = await world.vehicle(north, status=VehicleStatus.ASSIGNED)
    await world.assignment(vehicle, await world.driver(north))
    asked = api.as_role(Role.PROVIDER_ADMIN, north.id)
    document = """mutation($id: ID!) { r: closeFleetProvider(input: {fleetProviderId: $id}) {
        ... on FleetProvider { status } ... on Error { code description } } }"""
    refused = (await asked.data(document, {"id": global_id("FleetProvider", north.id)}))["r"]
    assert refused["code"] == "OBLIGATIONS_OPEN"
    assert "vehicles" in refused["description"]
    await _release(asked, vehicle.id)
    closed = (await asked.data(document, {"id": global_id("FleetProvider", north.id)}))["r"]
    assert closed == {"status": "CLOSED"}


async def test_a_driver_sees_the_vehicle_that_they_hold_and_their_own_assignments(api: Api, world: World) -> None:
    north = await world.provider()
    me, other = await world.driver(north), await world.driver(north)
    mine, theirs, former = [await world.vehicle(north) for _ in range(3)]
    first = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
    past = await world.assignment(former, me, started_at=first[0], ended_at=first[1])
    now = await world.assignment(mine, me)
    await world.assignment(mine, other, started_at=first[0], ended_at=first[1])
    await world.assignment(theirs, other)
    asked = api.as_role(Role.DRIVER, north.id, str(me.id))
    data = await asked.data(
        """query($theirs: ID!, $former: ID!) {
             vehicles { totalCount edges { node { id currentDriver { id } assignments { edges { node { id } } } } } }
             me { currentVehicle { id } assignments { edges { node { id vehicle { id } } } } }
             theirs: vehicle(id: $theirs) { id }
             former: node(id: $former) { id } }""",
        {"theirs": global_id("Vehicle", theirs.id), "former": global_id("Vehicle", former.id)},
    )
    held = {"id": global_id("Vehicle", mine.id)}
    current, ended = ({"id": global_id("VehicleAssignment", row.id)} for row in (now, past))
    assert data["vehicles"] == {
        "totalCount": 1,
        "edges": [
            {
                "node": held
                | {"currentDriver": {"id": global_id("Driver", me.id)}, "assignments": {"edges": [{"node": current}]}}
            }
        ],
    }
    assert data["me"]["currentVehicle"] == held
    assert data["me"]["assignments"]["edges"] == [
        {"node": current | {"vehicle": held}},
        {"node": ended | {"vehicle": None}},
    ]
    assert (data["theirs"], data["former"]) == (None, None)
