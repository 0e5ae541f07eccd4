"""What vehicles told: the latest, the history and trips."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from fleet_api.shared.domain.permission import Role
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from tests.support.api import Api, global_id
from tests.support.telemetry import at, drive, record, told
from tests.support.world import World

HISTORY = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $from: DateTime, $to: DateTime) {
  vehicle(id: $id) { telemetry(first: $first, after: $after, last: $last, before: $before, from: $from, to: $to) {
    edges { node { id recordedAt source sequence } cursor } pageInfo { hasNextPage endCursor } totalCount
} } }"""


def _dispatcher(api: Api, car: Vehicle) -> Api:
    return api.as_role(Role.DISPATCHER, car.fleet_provider_id)


async def _history(api: Api, car: Vehicle, **arguments: Any) -> Any:
    variables = {"id": global_id("Vehicle", car.id), **arguments}
    return (await _dispatcher(api, car).data(HISTORY, variables))["vehicle"]["telemetry"]


async def test_history_pages_both_ways_in_a_total_order(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    # Many of one instant: only source and sequence tell them apart.
    same = [told(car, 0, source=source, sequence=number) for source in ("obd", "phone") for number in range(3)]
    await record(api, car, *same, told(car, 1), told(car, -1))
    forward: list[Any] = []
    page = await _history(api, car, first=3)
    assert page["totalCount"] == 8
    while True:
        forward += page["edges"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        page = await _history(api, car, first=3, after=page["pageInfo"]["endCursor"])
    order = [(edge["node"]["recordedAt"], edge["node"]["source"], edge["node"]["sequence"]) for edge in forward]
    assert order == sorted(order, reverse=True)
    assert len(set(order)) == 8
    back = await _history(api, car, last=3, before=forward[7]["cursor"])
    assert back["edges"] == forward[4:7]


async def test_history_tells_of_its_span_only(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    await record(api, car, *(told(car, second) for second in (0, 10, 20)), told(car, -30 * 3_600))
    assert (await _history(api, car))["totalCount"] == 3
    span = {"from": at(0).isoformat(), "to": at(20).isoformat()}
    assert [edge["node"]["recordedAt"] for edge in (await _history(api, car, **span))["edges"]] == [
        at(10).isoformat(),
        at(0).isoformat(),
    ]


async def test_what_a_clock_that_runs_ahead_tells_is_in_the_history_at_once(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    ahead = (datetime.now(UTC) + timedelta(minutes=4)).isoformat()
    await record(api, car, told(car, recordedAt=ahead))
    assert [edge["node"]["recordedAt"] for edge in (await _history(api, car))["edges"]] == [ahead]


@pytest.mark.parametrize(
    ("span", "code"),
    [
        ({"from": "2026-01-01T00:00:00"}, "INVALID_TIME"),
        ({"from": "2026-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "INVALID_SPAN"),
        ({"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:01Z"}, "SPAN_TOO_LONG"),
    ],
)
async def test_a_span_has_zones_and_an_order_and_31_days_at_most(
    api: Api, world: World, span: dict[str, str], code: str
) -> None:
    car = await world.vehicle(await world.provider())
    answer = await _dispatcher(api, car).execute(HISTORY, {"id": global_id("Vehicle", car.id), **span})
    assert answer.codes == [code]


async def test_a_point_is_a_node_by_its_natural_key(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    await record(api, car, told(car, 1.234567, source="obd-2.a_b", sequence=7, speedKph=12.5, pluggedIn=False))
    node = (await _history(api, car))["edges"][0]["node"]
    document = """query($id: ID!) { node(id: $id) { id ... on TelemetryPoint { recordedAt source sequence speedKph
        pluggedIn rangeM vehicle { id } } } }"""
    found = (await _dispatcher(api, car).data(document, {"id": node["id"]}))["node"]
    assert found == {
        **node,
        "speedKph": 12.5,
        "pluggedIn": False,
        "rangeM": None,
        "vehicle": {"id": global_id("Vehicle", car.id)},
    }
    stranger = api.as_role(Role.DISPATCHER, (await world.provider()).id)
    assert (await stranger.data(document, {"id": node["id"]}))["node"] is None
    answer = await stranger.execute(document, {"id": global_id("TelemetryPoint", f"{car.id}/x/0/obd")})
    assert answer.codes == ["INVALID_ID"]


async def test_a_drive_becomes_a_trip(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    await drive(api, car)
    document = """query($id: ID!) { vehicle(id: $id) { trips { totalCount edges { node { id startedAt endedAt
        start { latitude longitude } end { latitude longitude } distanceM energyWh path { longitude } vehicle { id }
    } } } } }"""
    id = global_id("Vehicle", car.id)
    trips = (await _dispatcher(api, car).data(document, {"id": id}))["vehicle"]["trips"]
    assert trips["totalCount"] == 1
    trip = trips["edges"][0]["node"]
    assert (trip["startedAt"], trip["endedAt"]) == (at(0).isoformat(), at(120).isoformat())
    assert trip["start"] == {"latitude": 59.91, "longitude": 10.70}
    assert trip["end"] == {"latitude": 59.91, "longitude": 10.72}
    assert (trip["distanceM"], trip["energyWh"]) == (1_200, 370)
    assert [position["longitude"] for position in trip["path"]] == [10.70, 10.71, 10.72]
    assert trip["vehicle"] == {"id": id}
    stranger = api.as_role(Role.DISPATCHER, (await world.provider()).id)
    assert (await stranger.data("query($id: ID!) { node(id: $id) { id } }", {"id": trip["id"]}))["node"] is None


async def test_a_trip_under_way_has_no_end_yet(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    await record(api, car, told(car, 0, speedKph=40), told(car, 30, speedKph=40))
    document = (
        "query($id: ID!) { vehicle(id: $id) { trips { edges { node { endedAt end { latitude } distanceM } } } } }"
    )
    data = await _dispatcher(api, car).data(document, {"id": global_id("Vehicle", car.id)})
    assert data["vehicle"]["trips"]["edges"][0]["node"] == {"endedAt": None, "end": None, "distanceM": None}


async def test_a_long_path_is_thinned_evenly_with_both_ends(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    await record(api, car, *(told(car, n, speedKph=40, longitude=10 + n / 10_000) for n in range(2_000)))
    document = "query($id: ID!) { vehicle(id: $id) { trips { edges { node { path { longitude } } } } } }"
    data = await _dispatcher(api, car).data(document, {"id": global_id("Vehicle", car.id)})
    path = data["vehicle"]["trips"]["edges"][0]["node"]["path"]
    steps = [round(position["longitude"] * 10_000) - 100_000 for position in path]
    assert (len(steps), steps[0], steps[-1]) == (500, 0, 1_999)
    assert {after - before for before, after in pairwise(steps)} <= {4, 5}


async def test_a_vehicle_that_told_nothing_has_neither_point_nor_metrics(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    document = """query($id: ID!) { vehicle(id: $id) { latestTelemetry { id } metrics { distanceM }
        telemetry { edges { node { id } } } trips { edges { node { id } } } } }"""
    data = await _dispatcher(api, car).data(document, {"id": global_id("Vehicle", car.id)})
    assert data["vehicle"] == {
        "latestTelemetry": None,
        "metrics": None,
        "telemetry": {"edges": []},
        "trips": {"edges": []},
    }


@pytest.mark.parametrize("cars", [1, 4])
async def test_each_level_costs_one_statement(api: Api, world: World, statements: list[str], cars: int) -> None:
    north = await world.provider()
    for _ in range(cars):
        await drive(api, await world.vehicle(north))
    statements.clear()
    data = await api.as_role(Role.DISPATCHER, north.id).data(
        """{ vehicles { edges { node { latestTelemetry { vehicle { id } } metrics { distanceM }
        telemetry(first: 2) { edges { node { vehicle { id } } } }
        trips(first: 2) { edges { node { path { latitude } vehicle { id } } } } } } } }"""
    )
    assert len(data["vehicles"]["edges"]) == cars
    # Vehicles; latest, metrics, history, trips; paths; and the vehicles of each once more, gathered where they meet.
    own = [statement for statement in statements if "FROM vehicles" not in statement]
    assert len(own) == 5
    assert len(statements) - len(own) <= 3


async def test_a_driver_sees_the_telemetry_of_the_vehicle_held_now_and_no_other(api: Api, world: World) -> None:
    north = await world.provider()
    held, other, driver = await world.vehicle(north), await world.vehicle(north), await world.driver(north)
    await world.assignment(held, driver)
    ended = {"started_at": at(-7_200), "ended_at": at(-3_600)}
    await world.assignment(other, await world.driver(north), **ended)
    for car in (held, other):
        await drive(api, car)
    points = [(await _history(api, car, first=1))["edges"][0]["node"]["id"] for car in (held, other)]
    me = api.as_role(Role.DRIVER, north.id, subject=str(driver.id))
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } vehicles { edges { node { trips { totalCount } } } } }"
    data = await me.data(document, {"ids": points})
    assert data["nodes"] == [{"id": points[0]}, None]
    assert data["vehicles"]["edges"] == [{"node": {"trips": {"totalCount": 1}}}]


async def test_who_may_not_read_telemetry_sees_nulls_beside_the_rest(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    await drive(api, car)
    document = """query($id: ID!) { vehicle(id: $id) { plate latestTelemetry { id } metrics { distanceM }
        telemetry { totalCount } trips { totalCount } } }"""
    finance = api.as_role(Role.FINANCE, car.fleet_provider_id)
    data = await finance.data(document, {"id": global_id("Vehicle", car.id)})
    assert data["vehicle"] == {
        "plate": car.plate,
        "latestTelemetry": None,
        "metrics": None,
        "telemetry": None,
        "trips": None,
    }


@pytest.mark.parametrize(
    "span",
    [
        {"from": "9999-12-31T23:59:59Z"},
        {"to": "0001-01-01T00:00:00Z"},
        {"from": "0001-01-01T00:00:00+14:00"},
        {"to": "1999-12-31T23:59:59Z"},
    ],
)
async def test_a_time_out_of_the_calendars_reach_is_refused(api: Api, world: World, span: dict[str, str]) -> None:
    north = await world.provider()
    vehicle = await world.vehicle(north)
    document = """query($id: ID!, $from: DateTime, $to: DateTime) { vehicle(id: $id) {
        telemetry(from: $from, to: $to) { totalCount } metrics(from: $from, to: $to) { distanceM } } }"""
    variables = {"id": global_id("Vehicle", vehicle.id)} | span
    answer = await api.as_role(Role.DISPATCHER, north.id).execute(document, variables)
    assert answer.codes == ["INVALID_TIME", "INVALID_TIME"]


@pytest.mark.parametrize(
    "key", ["0/0/\0", "0/2147483648/obd", "0/-1/obd", "0/9223372036854775808/obd", "x/0/obd", "0/0/"]
)
async def test_a_point_id_made_by_hand_is_refused(api: Api, world: World, key: str) -> None:
    north = await world.provider()
    vehicle = await world.vehicle(north)
    id = global_id("TelemetryPoint", f"{vehicle.id}/{key}")
    answer = await api.as_role(Role.DISPATCHER, north.id).execute(
        "query($id: ID!) { node(id: $id) { id } }", {"id": id}
    )
    assert answer.codes == ["INVALID_ID"]
