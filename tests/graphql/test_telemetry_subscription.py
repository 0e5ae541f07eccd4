"""vehiclePositions, through a real socket of a real server."""

from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api, global_id
from tests.support.sockets import opened, receive, send
from tests.support.telemetry import record, told
from tests.support.world import World

NOBODY = global_id("Vehicle", "01890000-0000-7000-8000-000000000001")
POSITIONS = """subscription($ids: [ID!], $box: BoxInput, $ms: Int! = 250) {
  vehiclePositions(vehicleIds: $ids, within: $box, minIntervalMs: $ms) { longitude vehicle { id plate } } }"""


async def _watch(socket: ClientConnection, **variables: Any) -> None:
    await send(socket, id="1", type="subscribe", payload={"query": POSITIONS, "variables": variables})


async def _position(socket: ClientConnection) -> tuple[float, str]:
    message = await receive(socket)
    assert message["type"] == "next", message
    point = message["payload"]["data"]["vehiclePositions"]
    return point["longitude"], point["vehicle"]["plate"]


async def test_positions_come_at_once_and_then_as_vehicles_move(
    api: Api, world: World, services: Services, address: str
) -> None:
    north = await world.provider()
    car, other = await world.vehicle(north), await world.vehicle(north)
    stranger = await world.vehicle(await world.provider())
    await record(api, car, told(car, 0, longitude=10.1))
    ids = [global_id("Vehicle", car.id), global_id("Vehicle", stranger.id), NOBODY]
    async with opened(address, api.as_role(Role.DISPATCHER, north.id)) as socket:
        await _watch(socket, ids=ids)
        assert await _position(socket) == (10.1, car.plate)
        # Neither a stranger, nor who was not asked for, nor a late point is told of: the next event is the next move.
        await record(api, stranger, told(stranger, 5))
        await record(api, other, told(other, 5))
        await record(api, car, told(car, -5, longitude=9.9))
        await record(api, car, told(car, 10, longitude=10.2))
        assert await _position(socket) == (10.2, car.plate)
        await send(socket, id="1", type="complete")


async def test_positions_within_a_box_are_those_in_it(api: Api, world: World, services: Services, address: str) -> None:
    north = await world.provider()
    car, other = await world.vehicle(north), await world.vehicle(north)
    box = {"south": 59, "west": 10, "north": 60, "east": 11}
    await record(api, other, told(other, longitude=12))
    async with opened(address, api.as_role(Role.AUDITOR, north.id)) as socket:
        await _watch(socket, box=box)
        await record(api, car, told(car, 0, longitude=12))
        await record(api, car, told(car, 10, longitude=10.5))
        assert await _position(socket) == (10.5, car.plate)


async def test_the_vehicles_of_a_round_cost_one_statement(
    api: Api, world: World, services: Services, address: str, statements: list[str]
) -> None:
    north = await world.provider()
    fleet = [await world.vehicle(north) for _ in range(30)]
    async with opened(address, api.as_role(Role.DISPATCHER, north.id)) as socket:
        for second in (0, 10):
            await record(api, fleet[0], *(told(car, second, longitude=10 + second) for car in fleet))
            statements.clear()
            if second == 0:
                await _watch(socket)
            seen = [await _position(socket) for _ in fleet]
            assert sorted(seen) == sorted((10 + second, car.plate) for car in fleet)
            assert len([statement for statement in statements if "FROM vehicles" in statement]) == 1
        await send(socket, id="1", type="complete")


async def test_all_of_a_large_fleet_are_told_of_at_once(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    model = await world.vehicle_model()
    fleet = [await world.vehicle(north, model) for _ in range(501)]
    await record(api, fleet[0], *map(told, fleet))
    document = "subscription { vehiclePositions { longitude vehicle { plate } } }"
    async with opened(address, api.as_role(Role.DISPATCHER, north.id)) as socket:
        await send(socket, id="1", type="subscribe", payload={"query": document})
        assert sorted([(await _position(socket))[1] for _ in fleet]) == sorted(car.plate for car in fleet)


@pytest.mark.parametrize(
    ("role", "variables", "code"),
    [
        (Role.FINANCE, {}, "FORBIDDEN"),
        (Role.DISPATCHER, {"ms": 249}, "INVALID_INTERVAL"),
        (Role.DISPATCHER, {"ms": 60_001}, "INVALID_INTERVAL"),
        (Role.DISPATCHER, {"ids": ["nonsense"]}, "INVALID_ID"),
        (
            Role.DISPATCHER,
            {"ids": [NOBODY] * 101},
            "TOO_MANY_IDS",
        ),
    ],
)
async def test_what_cannot_be_watched_is_refused(
    api: Api, world: World, services: Services, address: str, role: Role, variables: dict[str, Any], code: str
) -> None:
    async with opened(address, api.as_role(role, (await world.provider()).id)) as socket:
        await _watch(socket, **variables)
        message = await receive(socket)
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert [error["extensions"]["code"] for error in errors] == [code]
