"""Which vehicles are low on charge, emptiest first."""

import pytest

from fleet_api.shared.domain.permission import Role
from tests.support.api import Api, global_id
from tests.support.telemetry import record, told
from tests.support.world import World

LOW = """query($pct: Int! = 20, $first: Int, $after: String) { lowBatteries(pct: $pct, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { stateOfChargePct vehicle { id plate } } } } }"""


async def test_low_batteries_come_emptiest_first_and_by_the_latest_point(
    api: Api, world: World, statements: list[str]
) -> None:
    north = await world.provider()
    full, low, lower, charged, silent = [await world.vehicle(north) for _ in range(5)]
    stranger = await world.vehicle(await world.provider())
    await record(api, full, told(full, stateOfChargePct=20.0), told(silent))
    await record(api, low, told(low, stateOfChargePct=19.9), told(lower, stateOfChargePct=0.0))
    await record(api, charged, told(charged, stateOfChargePct=5.0), told(charged, 60, stateOfChargePct=80.0))
    await record(api, stranger, told(stranger, stateOfChargePct=1.0))
    statements.clear()

    found = (await api.as_role(Role.DISPATCHER, north.id).data(LOW))["lowBatteries"]

    assert [edge["node"]["stateOfChargePct"] for edge in found["edges"]] == [0.0, 19.9]
    assert [edge["node"]["vehicle"]["id"] for edge in found["edges"]] == [
        global_id("Vehicle", vehicle.id) for vehicle in (lower, low)
    ]
    assert found["totalCount"] == 2
    # The page, its total, and the level below.
    assert len(statements) == 3


async def test_pages_go_on_where_they_ended_also_among_equals(api: Api, world: World) -> None:
    north = await world.provider()
    vehicles = [await world.vehicle(north) for _ in range(5)]
    await record(api, vehicles[0], *(told(vehicle, stateOfChargePct=10.0) for vehicle in vehicles))
    asked, seen, after = api.as_role(Role.DISPATCHER, north.id), [], None
    for _ in range(3):
        page = (await asked.data(LOW, {"first": 2, "after": after}))["lowBatteries"]
        seen += [edge["node"]["vehicle"]["plate"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]

    assert seen == [vehicle.plate for vehicle in vehicles]
    assert not page["pageInfo"]["hasNextPage"]


async def test_a_driver_sees_the_battery_of_the_vehicle_that_they_hold(api: Api, world: World) -> None:
    north = await world.provider()
    driver, mine, other = await world.driver(north), await world.vehicle(north), await world.vehicle(north)
    await world.assignment(mine, driver)
    await record(api, mine, told(mine, stateOfChargePct=10.0), told(other, stateOfChargePct=10.0))

    found = (await api.as_role(Role.DRIVER, north.id, str(driver.id)).data(LOW))["lowBatteries"]

    assert [edge["node"]["vehicle"]["plate"] for edge in found["edges"]] == [mine.plate]


@pytest.mark.parametrize("role", [Role.FINANCE, Role.DEVICE])
async def test_who_sees_no_telemetry_sees_no_batteries(api: Api, world: World, role: Role) -> None:
    north = await world.provider()
    assert (await api.as_role(role, north.id).execute(LOW)).codes == ["FORBIDDEN"]


@pytest.mark.parametrize(("pct", "codes"), [(0, ["INVALID_PCT"]), (1, []), (100, []), (101, ["INVALID_PCT"])])
async def test_per_cents_are_1_to_100(api: Api, world: World, pct: int, codes: list[str]) -> None:
    north = await world.provider()
    assert (await api.as_role(Role.DISPATCHER, north.id).execute(LOW, {"pct": pct})).codes == codes
