"""Vehicles, drivers, assignments, models and providers inside each other: one statement a level, and true pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fleet_api.shared.domain.permission import Role
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from tests.support.api import Api, global_id
from tests.support.world import World

_START = datetime(2025, 1, 1, tzinfo=UTC)


async def test_from_vehicles_to_drivers_and_back_costs_one_statement_a_relation(
    api: Api, world: World, statements: list[str]
) -> None:
    north = await world.provider()
    for _ in range(12):
        await world.assignment(await world.vehicle(north), await world.driver(north))
    asked = api.as_role(Role.DISPATCHER, north.id)
    statements.clear()
    data = await asked.data(
        """{ vehicles(first: 10) { edges { node {
               model { name connectorTypes }
               fleetProvider { vehicles(first: 2) { edges { node { plate } } } }
               currentDriver { fullName currentVehicle { plate } }
               assignments(first: 3) { edges { node { startedAt driver { fullName } vehicle { plate } } } }
             } } } }"""
    )
    nodes = [edge["node"] for edge in data["vehicles"]["edges"]]
    assert len(nodes) == 10
    assert all(node["assignments"]["edges"][0]["node"]["driver"] for node in nodes)
    assert all(len(node["fleetProvider"]["vehicles"]["edges"]) == 2 for node in nodes)
    # vehicles; model, fleetProvider, currentDriver, assignments; provider's vehicles, currentVehicle, driver, vehicle.
    assert len(statements) == 9


async def test_from_drivers_to_vehicles_and_back_costs_one_statement_a_relation(
    api: Api, world: World, statements: list[str]
) -> None:
    north = await world.provider()
    for _ in range(12):
        await world.assignment(await world.vehicle(north), await world.driver(north))
    await world.driver(north)
    asked = api.as_role(Role.DISPATCHER, north.id)
    statements.clear()
    data = await asked.data(
        """{ drivers(first: 20) { edges { node {
               currentVehicle { plate currentDriver { fullName } }
               assignments { totalCount edges { node { vehicle { plate model { name } } } } }
             } } } }"""
    )
    nodes = [edge["node"] for edge in data["drivers"]["edges"]]
    assert [node["currentVehicle"] is not None for node in nodes] == [True] * 12 + [False]
    assert [node["assignments"]["totalCount"] for node in nodes] == [1] * 12 + [0]
    # drivers; currentVehicle, assignments and their count; currentDriver, vehicle; model.
    assert len(statements) == 7


async def test_only_the_latest_assignment_makes_a_holder(api: Api, world: World) -> None:
    north = await world.provider()
    vehicle, driver = await world.vehicle(north), await world.driver(north)
    await world.assignment(vehicle, driver, started_at=_START, ended_at=_START + timedelta(days=1))
    data = await api.as_role(Role.DISPATCHER, north.id).data(
        "query($v: ID!, $d: ID!) { vehicle(id: $v) { currentDriver { id } } driver(id: $d) { currentVehicle { id } } }",
        {"v": global_id("Vehicle", vehicle.id), "d": global_id("Driver", driver.id)},
    )
    assert data == {"vehicle": {"currentDriver": None}, "driver": {"currentVehicle": None}}


@pytest.mark.parametrize("parent", ["vehicle", "driver"])
async def test_assignments_come_newest_first_and_stay_true_while_more_come(api: Api, world: World, parent: str) -> None:
    north = await world.provider()
    vehicle, driver = await world.vehicle(north), await world.driver(north)
    id = global_id("Vehicle", vehicle.id) if parent == "vehicle" else global_id("Driver", driver.id)
    asked = api.as_role(Role.DISPATCHER, north.id)

    async def held(day: int) -> None:
        begin = _START + timedelta(days=day)
        await world.assignment(vehicle, driver, started_at=begin, ended_at=begin + timedelta(hours=8))

    async def days(arguments: str) -> tuple[list[int], dict[str, Any]]:
        data = await asked.data(
            f"query($id: ID!) {{ r: {parent}(id: $id) {{ assignments({arguments}) {{ edges {{ node {{ startedAt }} }} "
            "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }",
            {"id": id},
        )
        edges = data["r"]["assignments"]["edges"]
        starts = [datetime.fromisoformat(edge["node"]["startedAt"]) for edge in edges]
        return [(start - _START).days for start in starts], data["r"]["assignments"]["pageInfo"]

    for day in (1, 2, 3, 4):
        await held(day)
    newest, info = await days("first: 2")
    assert (newest, info["hasNextPage"], info["hasPreviousPage"]) == ([4, 3], True, False)
    await held(5)
    older, after = await days(f'first: 9, after: "{info["endCursor"]}"')
    assert (older, after["hasNextPage"], after["hasPreviousPage"]) == ([2, 1], False, True)
    newer, _ = await days(f'last: 1, before: "{info["startCursor"]}"')
    assert newer == [5]
    assert (await days("last: 1"))[0] == [1]
    assert (await days("orderBy: {direction: ASC}, first: 2"))[0] == [1, 2]
    assert (await days("orderBy: {field: STARTED_AT}, first: 2"))[0] == [5, 4]


async def test_totals_count_what_is_on_the_books_and_what_charges(api: Api, world: World) -> None:
    north, empty = await world.provider(), await world.provider()
    for status in VehicleStatus:
        await world.vehicle(north, status=status)
    data = await api.as_role(Role.PLATFORM_OPS).data(
        "{ fleetProviders { edges { node { id totals { vehicles charging } } } } }"
    )
    totals = {edge["node"]["id"]: edge["node"]["totals"] for edge in data["fleetProviders"]["edges"]}
    assert totals == {
        global_id("FleetProvider", north.id): {"vehicles": 5, "charging": 1},
        global_id("FleetProvider", empty.id): {"vehicles": 0, "charging": 0},
    }


async def test_every_node_of_the_context_is_found_by_its_id(api: Api, world: World) -> None:
    north, harbor = await world.provider(), await world.provider()
    model = await world.vehicle_model()
    vehicle = await world.vehicle(north, model)
    assignment = await world.assignment(vehicle, await world.driver(north))
    ids = [
        global_id("Vehicle", vehicle.id),
        global_id("VehicleAssignment", assignment.id),
        global_id("VehicleModel", model.id),
    ]
    document = """query($ids: [ID!]!) { nodes(ids: $ids) {
        __typename id ... on Vehicle { createdAt } ... on VehicleModel { createdAt } } }"""
    ours = await api.as_role(Role.AUDITOR, north.id).data(document, {"ids": ids})
    assert [node["id"] for node in ours["nodes"]] == ids
    assert datetime.fromisoformat(ours["nodes"][0]["createdAt"]) == vehicle.created_at
    assert datetime.fromisoformat(ours["nodes"][2]["createdAt"]) == model.created_at
    theirs = await api.as_role(Role.AUDITOR, harbor.id).data(document, {"ids": ids})
    # The catalogue is everybody's.
    assert [node and node["__typename"] for node in theirs["nodes"]] == [None, None, "VehicleModel"]


async def test_a_device_sees_none_of_it(api: Api, world: World) -> None:
    north = await world.provider()
    vehicle = await world.vehicle(north)
    answer = await api.as_role(Role.DEVICE, north.id).execute(
        "query($id: ID!) { vehicle(id: $id) { id } vehicles { totalCount } vehicleModels { totalCount } }",
        {"id": global_id("Vehicle", vehicle.id)},
    )
    assert answer.data == {"vehicle": None, "vehicles": None, "vehicleModels": None}
    assert set(answer.codes) == {"FORBIDDEN"}
