"""Vehicles through the API: their life, their lists, and the refusals."""

from typing import Any

import pytest

from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from tests.support.api import Api, global_id
from tests.support.world import World

_ANSWER = """__typename
    ... on Vehicle { id vin plate plateCountry usableBatteryKwh status odometerM version model { usableBatteryKwh } }
    ... on Error { code field httpStatus }"""


async def _mutate(api: Api, mutation: str, **fields: Any) -> Any:
    input_type = f"{mutation[0].upper()}{mutation[1:]}Input"
    document = f"mutation($i: {input_type}!) {{ r: {mutation}(input: $i) {{ {_ANSWER} }} }}"
    return (await api.data(document, {"i": fields}))["r"]


async def _registration(world: World, **fields: Any) -> dict[str, Any]:
    model = await world.vehicle_model(usable_battery_kwh=68.0)
    known = {
        "vin": "wvwzzze1zmp900001",
        "plate": "el 90001",
        "plateCountry": "NO",
        "modelId": global_id("VehicleModel", model.id),
    }
    return known | fields


async def test_a_vehicle_lives_from_registered_to_retired(api: Api, world: World) -> None:
    north = await world.provider()
    asked = api.as_role(Role.DISPATCHER, north.id)
    vehicle = await _mutate(asked, "registerVehicle", **await _registration(world))
    assert vehicle == {
        "__typename": "Vehicle",
        "id": vehicle["id"],
        "vin": "WVWZZZE1ZMP900001",
        "plate": "EL 90001",
        "plateCountry": "NO",
        "usableBatteryKwh": 68.0,
        "status": "AVAILABLE",
        "odometerM": 0,
        "version": 1,
        "model": {"usableBatteryKwh": 68.0},
    }
    id = vehicle["id"]
    updated = await _mutate(asked, "updateVehicle", vehicleId=id, plate="ek 1", usableBatteryKwh=70, odometerM=12_000)
    assert [updated[key] for key in ("plate", "usableBatteryKwh", "odometerM", "version")] == ["EK 1", 70, 12_000, 2]
    assert (await _mutate(asked, "sendVehicleToMaintenance", vehicleId=id))["status"] == "MAINTENANCE"
    laid_up = await _mutate(asked, "sendVehicleToMaintenance", vehicleId=id, outOfService=True)
    assert laid_up["status"] == "OUT_OF_SERVICE"
    assert (await _mutate(asked, "returnVehicleToService", vehicleId=id))["status"] == "AVAILABLE"
    assert (await _mutate(asked, "returnVehicleToService", vehicleId=id))["code"] == "ILLEGAL_TRANSITION"
    assert (await _mutate(asked, "retireVehicle", vehicleId=id, expectedVersion=1))["code"] == "STALE_VERSION"
    assert (await _mutate(asked, "retireVehicle", vehicleId=id, expectedVersion=5))["status"] == "RETIRED"
    gone = await _mutate(asked, "updateVehicle", vehicleId=id, plate="EL 1")
    assert (gone["__typename"], gone["code"], gone["field"]) == ("Conflict", "VEHICLE_RETIRED", "input.vehicleId")


async def test_a_vehicle_that_is_sold_joins_another_fleet(api: Api, world: World) -> None:
    north, harbor = await world.provider(), await world.provider()
    seller, buyer = (api.as_role(Role.DISPATCHER, provider.id) for provider in (north, harbor))
    fields = await _registration(world)
    first = await _mutate(seller, "registerVehicle", **fields)
    assert (await _mutate(buyer, "registerVehicle", **fields))["code"] == "VIN_TAKEN"
    await _mutate(seller, "retireVehicle", vehicleId=first["id"])
    second = await _mutate(buyer, "registerVehicle", **fields)
    assert (second["vin"], second["plate"]) == (first["vin"], first["plate"])
    assert second["id"] != first["id"]


async def test_an_idempotency_key_registers_once(api: Api, world: World) -> None:
    north = await world.provider()
    asked = api.as_role(Role.DISPATCHER, north.id)
    fields = await _registration(world, idempotencyKey="one")
    first, again = await _mutate(asked, "registerVehicle", **fields), await _mutate(asked, "registerVehicle", **fields)
    assert first == again
    other = await _mutate(asked, "registerVehicle", **(fields | {"plate": "EL 2"}))
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("vin", "", "INVALID_VIN"),
        ("vin", "WVWZZZE1ZMPI00001", "INVALID_VIN"),
        ("vin", "1M8GDM9A1KP042788", "INVALID_VIN"),
        ("vin", "W" * 100_000, "INVALID_INPUT"),
        ("plate", "", "INVALID_INPUT"),
        ("plate", "EL\x00", "INVALID_PLATE"),
        ("plateCountry", "XX", "INVALID_COUNTRY"),
        ("modelId", "nonsense", "INVALID_ID"),
        ("modelId", global_id("Vehicle", new_id()), "INVALID_ID"),
        ("modelId", global_id("VehicleModel", new_id()), "NOT_FOUND"),
        ("fleetProviderId", global_id("FleetProvider", new_id()), "NOT_FOUND"),
        ("usableBatteryKwh", 0, "INVALID_INPUT"),
        ("odometerM", -1, "INVALID_INPUT"),
        ("idempotencyKey", "", "INVALID_INPUT"),
    ],
)
async def test_bad_input_has_its_typed_error(api: Api, world: World, field: str, value: Any, code: str) -> None:
    """vehicles rule 2."""
    asked = api.as_role(Role.DISPATCHER, (await world.provider()).id)
    refused = await _mutate(asked, "registerVehicle", **await _registration(world, **{field: value}))
    assert (refused["code"], refused["field"]) == (code, f"input.{field}")
    assert (await asked.data("{ vehicles { totalCount } }"))["vehicles"]["totalCount"] == 0


async def test_an_odometer_beyond_int_is_no_int(api: Api, world: World) -> None:
    asked = api.as_role(Role.DISPATCHER, (await world.provider()).id)
    document = f"mutation($i: RegisterVehicleInput!) {{ registerVehicle(input: $i) {{ {_ANSWER} }} }}"
    answer = await asked.execute(document, {"i": await _registration(world, odometerM=2**31)})
    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]


async def test_vins_and_plates_are_taken_once(api: Api, world: World) -> None:
    """vehicles rule 2."""
    north, harbor = await world.provider(), await world.provider()
    theirs = await world.vehicle(harbor)
    asked = api.as_role(Role.DISPATCHER, north.id)
    vin = await _mutate(asked, "registerVehicle", **await _registration(world, vin=theirs.vin))
    plate = await _mutate(asked, "registerVehicle", **await _registration(world, plate=theirs.plate.lower()))
    abroad = await _registration(world, plate=theirs.plate, plateCountry="SE")
    assert (vin["__typename"], vin["code"], vin["field"]) == ("Conflict", "VIN_TAKEN", "input.vin")
    assert (plate["__typename"], plate["code"], plate["field"]) == ("Conflict", "PLATE_TAKEN", "input.plate")
    assert (await _mutate(asked, "registerVehicle", **abroad))["plateCountry"] == "SE"
    mine = await world.vehicle(north)
    id = global_id("Vehicle", mine.id)
    for spelt in (theirs.plate, theirs.plate.replace(" ", "-"), theirs.plate.replace(" ", "")):
        assert (await _mutate(asked, "updateVehicle", vehicleId=id, plate=spelt))["code"] == "PLATE_TAKEN"
    # Its own is not taken, however it is spelt.
    hyphened = mine.plate.replace(" ", "-")
    assert (await _mutate(asked, "updateVehicle", vehicleId=id, plate=hyphened.lower()))["plate"] == hyphened


async def test_an_update_cannot_turn_the_odometer_back(api: Api, world: World) -> None:
    """vehicles rule 3."""
    north = await world.provider()
    id = global_id("Vehicle", (await world.vehicle(north, odometer_m=9_000)).id)
    asked = api.as_role(Role.DISPATCHER, north.id)
    fell = await _mutate(asked, "updateVehicle", vehicleId=id, odometerM=8_999)
    assert (fell["__typename"], fell["code"], fell["field"]) == ("Conflict", "ODOMETER_FELL", "input.odometerM")
    assert (await _mutate(asked, "updateVehicle", vehicleId=id, odometerM=9_000))["odometerM"] == 9_000


async def test_the_platform_names_the_provider_and_others_may_not_write(api: Api, world: World) -> None:
    north = await world.provider()
    ops, fields = api.as_role(Role.PLATFORM_OPS), await _registration(world)
    assert (await _mutate(ops, "registerVehicle", **fields))["code"] == "PROVIDER_NEEDED"
    named = fields | {"fleetProviderId": global_id("FleetProvider", north.id)}
    assert (await _mutate(ops, "registerVehicle", **named))["__typename"] == "Vehicle"
    for role in (Role.AUDITOR, Role.FINANCE, Role.DEVICE):
        assert (await _mutate(api.as_role(role, north.id), "registerVehicle", **fields))["__typename"] == "Forbidden"


async def test_lists_are_filtered_and_ordered(api: Api, world: World) -> None:
    north = await world.provider()
    model = await world.vehicle_model()
    b = await world.vehicle(north, model, plate="BB 100", status=VehicleStatus.MAINTENANCE)
    a = await world.vehicle(north, plate="AA 100", vin="VF1ZZZE1ZMP000001")
    await world.vehicle(north, plate="A% 100")
    asked = api.as_role(Role.DISPATCHER, north.id)

    async def plates(arguments: str) -> list[str]:
        data = await asked.data(f"{{ vehicles({arguments}) {{ edges {{ node {{ plate }} }} }} }}")
        return [edge["node"]["plate"] for edge in data["vehicles"]["edges"]]

    assert await plates("first: 9") == [b.plate, a.plate, "A% 100"]
    assert await plates("orderBy: {field: PLATE}") == ["A% 100", "AA 100", "BB 100"]
    assert await plates("orderBy: {field: PLATE, direction: DESC}, first: 1") == ["BB 100"]
    assert await plates("filter: {statuses: [MAINTENANCE, RETIRED]}") == [b.plate]
    assert await plates("filter: {statuses: []}") == []
    assert await plates('filter: {search: "bb"}') == [b.plate]
    for spelt in ("aa100", "a-A 1", "AA-100"):
        assert await plates(f'filter: {{search: "{spelt}"}}') == [a.plate]
    assert await plates('filter: {search: "vf1z"}') == [a.plate]
    assert await plates('filter: {search: "A%"}') == ["A% 100"]
    assert await plates('filter: {search: "100"}') == []
    assert await plates(f'filter: {{modelId: "{global_id("VehicleModel", model.id)}"}}') == [b.plate]


async def test_pages_stay_true_while_vehicles_come_and_go(api: Api, world: World) -> None:
    north = await world.provider()
    for number in (10, 20, 30, 40, 50):
        await world.vehicle(north, plate=f"EL {number}")
    asked = api.as_role(Role.DISPATCHER, north.id)

    async def page(arguments: str) -> tuple[list[str], dict[str, Any]]:
        data = await asked.data(
            f"{{ vehicles(orderBy: {{field: PLATE}}, {arguments}) {{ edges {{ node {{ plate }} }} pageInfo "
            "{ hasNextPage hasPreviousPage startCursor endCursor } } }"
        )
        return [edge["node"]["plate"] for edge in data["vehicles"]["edges"]], data["vehicles"]["pageInfo"]

    first, info = await page("first: 2")
    assert (first, info["hasNextPage"], info["hasPreviousPage"]) == (["EL 10", "EL 20"], True, False)
    await world.vehicle(north, plate="EL 15")
    await world.vehicle(north, plate="EL 25")
    second, info = await page(f'first: 3, after: "{info["endCursor"]}"')
    assert (second, info["hasNextPage"]) == (["EL 25", "EL 30", "EL 40"], True)
    before, info = await page(f'last: 2, before: "{info["startCursor"]}"')
    assert (before, info["hasPreviousPage"], info["hasNextPage"]) == (["EL 15", "EL 20"], True, True)


async def test_another_providers_vehicle_answers_as_one_that_is_not_there(api: Api, world: World) -> None:
    north, harbor = await world.provider(), await world.provider()
    theirs = global_id("Vehicle", (await world.vehicle(harbor)).id)
    nobodys = global_id("Vehicle", new_id())
    asked = api.as_role(Role.DISPATCHER, north.id)
    for mutation in ("updateVehicle", "sendVehicleToMaintenance", "returnVehicleToService", "retireVehicle"):
        refused = await _mutate(asked, mutation, vehicleId=theirs)
        assert refused == await _mutate(asked, mutation, vehicleId=nobodys)
        assert (refused["__typename"], refused["field"]) == ("NotFound", "input.vehicleId")
    data = await asked.data(
        "query($id: ID!) { vehicle(id: $id) { id } node(id: $id) { id } vehicles { totalCount } }", {"id": theirs}
    )
    assert data == {"vehicle": None, "node": None, "vehicles": {"totalCount": 0}}
