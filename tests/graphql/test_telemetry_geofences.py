"""Geofences, who crosses them, and who is in a box on the map."""

from typing import Any

import pytest

from fleet_api.shared.domain.permission import Role
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from tests.support.api import Api, global_id
from tests.support.telemetry import at, record, told
from tests.support.world import World

CREATE = """mutation($input: CreateGeofenceInput!) { createGeofence(input: $input) {
  ... on Geofence { id name version fleetProvider { id } shape { __typename
    ... on Circle { center { latitude longitude } radiusM } ... on Polygon { points { latitude longitude } } } }
  ... on Error { code httpStatus field }
} }"""
DELETE = """mutation($input: DeleteGeofenceInput!) { deleteGeofence(input: $input) {
  ... on DeletedGeofence { geofenceId } ... on Error { code httpStatus field } } }"""
CROSSINGS = """query($id: ID!, $first: Int, $after: String) { geofence(id: $id) {
  crossings(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    edges { node { id direction crossedAt position { latitude longitude } vehicle { id } geofence { id } } } } } }"""

DEPOT = {"circle": {"center": {"latitude": 59.91, "longitude": 10.75}, "radiusM": 500}}
# One degree of latitude is 111,195 m.
NORTH_M = 1 / 111_195


async def _create(api: Api, provider_id: Any, shape: Any, name: str = "Depot") -> Any:
    asked = api.as_role(Role.DISPATCHER, provider_id)
    return (await asked.data(CREATE, {"input": {"name": name, "shape": shape}}))["createGeofence"]


def _north_of_depot(car: Vehicle, second: float, metres: float, **fields: Any) -> dict[str, Any]:
    return told(car, second, latitude=59.91 + metres * NORTH_M, **fields)


async def test_a_geofence_is_made_read_and_deleted(api: Api, world: World) -> None:
    north = await world.provider()
    made = await _create(api, north.id, DEPOT)
    assert made["shape"] == {"__typename": "Circle", **DEPOT["circle"]}
    assert made["fleetProvider"] == {"id": global_id("FleetProvider", north.id)}
    corners = [{"latitude": 59.0, "longitude": 10.0}, {"latitude": 60.0, "longitude": 10.0}]
    corners.append({"latitude": 60.0, "longitude": 11.0})
    polygon = await _create(api, north.id, {"polygon": {"points": corners}}, "Town")
    assert polygon["shape"] == {"__typename": "Polygon", "points": corners}
    asked = api.as_role(Role.DISPATCHER, north.id)
    data = await asked.data("{ geofences { totalCount edges { node { name } } } }")
    assert [edge["node"]["name"] for edge in data["geofences"]["edges"]] == ["Depot", "Town"]
    deleted = await asked.data(DELETE, {"input": {"geofenceId": made["id"], "expectedVersion": 1}})
    assert deleted["deleteGeofence"] == {"geofenceId": made["id"]}
    node = await asked.data("query($id: ID!) { node(id: $id) { id } }", {"id": made["id"]})
    assert node["node"] is None


async def test_a_name_is_taken_once_a_provider(api: Api, world: World) -> None:
    north, harbor = await world.provider(), await world.provider()
    await _create(api, north.id, DEPOT)
    assert (await _create(api, north.id, DEPOT))["code"] == "GEOFENCE_NAME_TAKEN"
    assert "id" in await _create(api, harbor.id, DEPOT)


@pytest.mark.parametrize(
    ("shape", "field"),
    [
        ({"circle": {"center": {"latitude": 91, "longitude": 0}, "radiusM": 50}}, "input.shape.circle.center.latitude"),
        ({"circle": {"center": {"latitude": 0, "longitude": 0}, "radiusM": 9}}, "input.shape.circle.radiusM"),
        ({"polygon": {"points": [{"latitude": 0, "longitude": 0}] * 2}}, "input.shape.polygon.points"),
        ({"polygon": {"points": [{"latitude": 0, "longitude": 0}] * 101}}, "input.shape.polygon.points"),
        ({"polygon": {"points": [{"latitude": 0, "longitude": e} for e in (0, 120, -120)]}}, "input.shape.polygon"),
    ],
)
async def test_a_shape_out_of_range_is_refused(api: Api, world: World, shape: Any, field: str) -> None:
    refusal = await _create(api, (await world.provider()).id, shape)
    assert (refusal["httpStatus"], refusal["field"]) == (400, field)


async def test_who_jitters_on_the_border_crosses_it_once(api: Api, world: World) -> None:
    """telemetry rule 5."""
    north = await world.provider()
    car = await world.vehicle(north)
    depot = await _create(api, north.id, DEPOT)
    await record(api, car, _north_of_depot(car, 0, 900))
    # In one call and over several: the border is 500 m away, and up to 25 m outside are no exit.
    await record(api, car, *(_north_of_depot(car, 10 + n, 500 + (-10 if n % 2 else 20)) for n in range(20)))
    for n in range(4):
        await record(api, car, _north_of_depot(car, 40 + n, 500 + (-10 if n % 2 else 20)))
    # 30 m outside, but no better known than to 100 m.
    await record(api, car, _north_of_depot(car, 50, 530, accuracyM=100))
    await record(api, car, _north_of_depot(car, 60, 530, accuracyM=5))
    asked = api.as_role(Role.DISPATCHER, north.id)
    crossings = (await asked.data(CROSSINGS, {"id": depot["id"]}))["geofence"]["crossings"]
    seen = [(edge["node"]["direction"], edge["node"]["crossedAt"]) for edge in crossings["edges"]]
    assert seen == [("EXIT", at(60).isoformat()), ("ENTER", at(11).isoformat())]
    newest = crossings["edges"][0]["node"]
    assert newest["vehicle"] == {"id": global_id("Vehicle", car.id)}
    assert newest["geofence"] == {"id": depot["id"]}
    document = "query($id: ID!) { node(id: $id) { id ... on GeofenceCrossing { direction } } }"
    assert (await asked.data(document, {"id": newest["id"]}))["node"] == {"id": newest["id"], "direction": "EXIT"}
    assert newest["position"] == {"latitude": pytest.approx(59.91 + 530 * NORTH_M), "longitude": 10.75}
    page = (await asked.data(CROSSINGS, {"id": depot["id"], "first": 1}))["geofence"]["crossings"]
    rest = {"id": depot["id"], "first": 1, "after": page["pageInfo"]["endCursor"]}
    assert (await asked.data(CROSSINGS, rest))["geofence"]["crossings"]["edges"] == crossings["edges"][1:]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ("", ["Ørland", "Depot 2", "depot 1"]),
        ("(orderBy: {field: NAME})", ["Depot 2", "depot 1", "Ørland"]),
        ("(orderBy: {field: NAME, direction: DESC})", ["Ørland", "depot 1", "Depot 2"]),
        ("(orderBy: {direction: DESC})", ["depot 1", "Depot 2", "Ørland"]),
        ('(filter: {search: "DEPOT"})', ["Depot 2", "depot 1"]),
        ('(filter: {search: "%"})', []),
    ],
)
async def test_geofences_are_searched_and_ordered(api: Api, world: World, arguments: str, names: list[str]) -> None:
    north = await world.provider()
    for name in ("Ørland", "Depot 2", "depot 1"):
        await _create(api, north.id, DEPOT, name)
    document = f"{{ geofences{arguments} {{ totalCount edges {{ node {{ name }} }} }} }}"
    listed = (await api.as_role(Role.DISPATCHER, north.id).data(document))["geofences"]
    assert [edge["node"]["name"] for edge in listed["edges"]] == names
    assert listed["totalCount"] == len(names)


async def test_late_points_and_other_providers_vehicles_cross_nothing(api: Api, world: World) -> None:
    north = await world.provider()
    car, stranger = await world.vehicle(north), await world.vehicle(await world.provider())
    depot = await _create(api, north.id, DEPOT)
    await record(api, car, _north_of_depot(car, 100, 900))
    await record(api, car, _north_of_depot(car, 50, 0))
    await record(api, stranger, _north_of_depot(stranger, 100, 0))
    asked = api.as_role(Role.DISPATCHER, north.id)
    assert (await asked.data(CROSSINGS, {"id": depot["id"]}))["geofence"]["crossings"]["totalCount"] == 0


async def test_a_geofence_goes_with_its_crossings(api: Api, world: World) -> None:
    north = await world.provider()
    car = await world.vehicle(north)
    depot = await _create(api, north.id, DEPOT)
    await record(api, car, told(car))
    deleted = await api.as_role(Role.DISPATCHER, north.id).data(DELETE, {"input": {"geofenceId": depot["id"]}})
    assert deleted["deleteGeofence"] == {"geofenceId": depot["id"]}
    assert (await record(api, car, told(car, 5)))["accepted"] == 1


async def test_another_tenants_geofence_answers_as_one_that_nobody_has(api: Api, world: World) -> None:
    north, harbor = await world.provider(), await world.provider()
    theirs = (await _create(api, harbor.id, DEPOT))["id"]
    nobodys = global_id("Geofence", "01890000-0000-7000-8000-000000000001")
    asked = api.as_role(Role.DISPATCHER, north.id)
    answers = [
        (await asked.data(CROSSINGS, {"id": id}), await asked.data(DELETE, {"input": {"geofenceId": id}}))
        for id in (theirs, nobodys)
    ]
    assert answers[0] == answers[1]
    assert answers[0][1]["deleteGeofence"]["code"] == "NOT_FOUND"


WITHIN = """query($box: BoxInput!, $first: Int) { vehiclesWithin(box: $box, first: $first) {
  totalCount edges { node { id latestTelemetry { longitude } } } pageInfo { hasNextPage endCursor } } }"""
OSLO = {"south": 59.8, "west": 10.6, "north": 60.0, "east": 10.9}


async def test_vehicles_within_a_box_are_those_whose_latest_position_is_in_it(
    api: Api, world: World, statements: list[str]
) -> None:
    north = await world.provider()
    here, gone, away, silent = [await world.vehicle(north) for _ in range(4)]
    stranger = await world.vehicle(await world.provider())
    await record(api, here, told(here))
    await record(api, gone, told(gone), told(gone, 10, latitude=60.5))
    await record(api, away, told(away, longitude=5.3))
    await record(api, stranger, told(stranger))
    statements.clear()
    data = await api.as_role(Role.DISPATCHER, north.id).data(WITHIN, {"box": OSLO, "first": 500})
    assert data["vehiclesWithin"]["totalCount"] == 1
    assert data["vehiclesWithin"]["edges"] == [
        {"node": {"id": global_id("Vehicle", here.id), "latestTelemetry": {"longitude": 10.75}}}
    ]
    # The page, its total, and the level below.
    assert len(statements) == 3
    everywhere = {"south": -90, "west": -180, "north": 90, "east": 180}
    data = await api.as_role(Role.PLATFORM_OPS).data(WITHIN, {"box": everywhere, "first": 3})
    assert (data["vehiclesWithin"]["totalCount"], data["vehiclesWithin"]["pageInfo"]["hasNextPage"]) == (4, True)
    assert silent.id not in {edge["node"]["id"] for edge in data["vehiclesWithin"]["edges"]}


async def test_vehicles_within_a_box_are_filtered_as_vehicles_are(api: Api, world: World) -> None:
    north = await world.provider()
    here, there = await world.vehicle(north), await world.vehicle(north)
    await record(api, here, told(here), told(there))
    document = """query($box: BoxInput!, $filter: VehicleFilterInput) {
        vehiclesWithin(box: $box, filter: $filter) { totalCount edges { node { plate } } } }"""
    asked = api.as_role(Role.DISPATCHER, north.id)
    for filter, plates in (
        ({"search": there.plate.lower()}, [there.plate]),
        ({"statuses": ["RETIRED"]}, []),
        (None, [here.plate, there.plate]),
    ):
        found = (await asked.data(document, {"box": OSLO, "filter": filter}))["vehiclesWithin"]
        assert [edge["node"]["plate"] for edge in found["edges"]] == plates
        assert found["totalCount"] == len(plates)


async def test_a_box_may_span_the_antimeridian(api: Api, world: World) -> None:
    north = await world.provider()
    west, east, oslo = [await world.vehicle(north) for _ in range(3)]
    await record(
        api,
        west,
        told(west, latitude=-17, longitude=179.9),
        told(east, latitude=-17, longitude=-179.9),
        told(oslo, latitude=-17, longitude=10.7),
    )
    fiji = {"south": -18, "west": 179, "north": -16, "east": -179}
    data = await api.as_role(Role.DISPATCHER, north.id).data(WITHIN, {"box": fiji})
    found = [edge["node"]["latestTelemetry"]["longitude"] for edge in data["vehiclesWithin"]["edges"]]
    assert found == [179.9, -179.9]


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"south": 61}, "INVALID_BOX", "box.north"),
        ({"north": 91}, "INVALID_INPUT", "box.north"),
        ({"west": -180.5}, "INVALID_INPUT", "box.west"),
    ],
)
async def test_a_box_out_of_range_is_refused(
    api: Api, world: World, wrong: dict[str, float], code: str, field: str
) -> None:
    asked = api.as_role(Role.DISPATCHER, (await world.provider()).id)
    answer = await asked.execute(WITHIN, {"box": OSLO | wrong})
    assert [(error["extensions"]["code"], error["extensions"]["field"]) for error in answer.errors] == [(code, field)]
