"""Whoever follows positions on a map is told the truth about every vehicle, however they come and go."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from fleet_api.graphql.live import position_hub
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.events.doorbell import Doorbell
from tests.support.api import Api, global_id
from tests.support.followers import Follower, following
from tests.support.telemetry import record, told
from tests.support.world import World

_BOX = {"south": 59, "west": 10, "north": 60, "east": 11}
_DOCUMENT = """subscription($ids: [ID!], $box: BoxInput, $ms: Int! = 250, $after: String) {
  vehiclePositions(vehicleIds: $ids, within: $box, minIntervalMs: $ms, after: $after) {
    cursor within longitude vehicle { plate } } }"""


async def _seen(phone: Follower) -> tuple[float, bool]:
    event = await phone.event()
    return event["longitude"], event["within"]


async def _silence(phone: Follower, seconds: float) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(phone.socket.recv(), seconds)


async def test_the_first_position_ever_is_told(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    car = await world.vehicle(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    ids = [global_id("Vehicle", car.id)]
    async with following(address, dispatcher, _DOCUMENT, ids=ids) as phone:
        await record(api, car, told(car))
        assert await _seen(phone) == (10.75, True)


async def test_who_leaves_the_box_is_told_once_and_again_when_they_enter(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    car = await world.vehicle(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    await record(api, car, told(car))
    async with following(address, dispatcher, _DOCUMENT, box=_BOX, after=None) as phone:
        assert await _seen(phone) == (10.75, True)
        await record(api, car, told(car, 1, longitude=11.5))
        assert await _seen(phone) == (11.5, False)
        await record(api, car, told(car, 2, longitude=11.6))
        await _silence(phone, 0.4)
        await record(api, car, told(car, 3, longitude=10.5))
        assert await _seen(phone) == (10.5, True)


async def test_the_last_of_many_positions_always_comes(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    car = await world.vehicle(north)
    async with following(address, api.as_role(Role.DISPATCHER, north.id), _DOCUMENT, ms=300) as phone:
        for second in range(40):
            await record(api, car, told(car, second, longitude=10 + second / 100))
        places = [await _seen(phone)]
        while places[-1] != (10.39, True):
            places.append(await _seen(phone))
    assert places == sorted(set(places))
    assert len(places) < 40


async def test_a_box_across_the_antimeridian(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    car = await world.vehicle(north)
    box = {"south": 59, "west": 179, "north": 60, "east": -179}
    async with following(address, api.as_role(Role.DISPATCHER, north.id), _DOCUMENT, box=box) as phone:
        await record(api, car, told(car, 0, longitude=179.5))
        assert await _seen(phone) == (179.5, True)
        await record(api, car, told(car, 1, longitude=-179.5))
        assert await _seen(phone) == (-179.5, True)
        await record(api, car, told(car, 2, longitude=0))
        assert await _seen(phone) == (0, False)


async def test_who_comes_back_is_told_who_left_the_box(
    api: Api, world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Be it while they were away, or later and without having moved since."""
    monkeypatch.setattr("fleet_api.graphql.live.position_watching.LOOK_BACK", timedelta(0))
    north = await world.provider()
    gone, parked = await world.vehicle(north), await world.vehicle(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    await record(api, gone, told(gone), told(parked))
    async with following(address, dispatcher, _DOCUMENT, box=_BOX, after=None) as phone:
        await phone.events(2)
        await asyncio.sleep(1.1)  # cursors count seconds
        await record(api, gone, told(gone, 1))
        cursor = (await phone.event())["cursor"]
    await asyncio.sleep(1.1)
    await record(api, gone, told(gone, 2, longitude=12))
    async with following(address, dispatcher, _DOCUMENT, box=_BOX, after=cursor) as phone:
        event = await phone.event()
        assert (event["longitude"], event["within"], event["vehicle"]["plate"]) == (12, False, gone.plate)
        await record(api, parked, told(parked, 3, longitude=13))
        event = await phone.event()
        assert (event["longitude"], event["within"], event["vehicle"]["plate"]) == (13, False, parked.plate)


async def test_a_position_that_nobody_rang_for_is_found(
    api: Api, world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as of a process that died between its commit and its ring; and nobody is told twice for it."""
    monkeypatch.setattr(position_hub, "_LOOK_AROUND_S", 0.3)
    monkeypatch.setattr(Doorbell, "ring", lambda *_, **__: None)
    north = await world.provider()
    car = await world.vehicle(north)
    await record(api, car, told(car))
    async with following(address, api.as_role(Role.DISPATCHER, north.id), _DOCUMENT, after=None) as phone:
        assert await _seen(phone) == (10.75, True)
        await _silence(phone, 0.8)
        await record(api, car, told(car, 1, longitude=11))
        assert await _seen(phone) == (11, True)
        await _silence(phone, 0.8)


async def _assign(asked: Api, vehicle: Any, driver: Any) -> str:
    document = """mutation($i: AssignVehicleInput!) { assignVehicle(input: $i) {
      __typename ... on VehicleAssignment { id } ... on Error { code message } } }"""
    ids = {"vehicleId": global_id("Vehicle", vehicle.id), "driverId": global_id("Driver", driver.id)}
    answer = (await asked.data(document, {"i": ids}))["assignVehicle"]
    assert "id" in answer, answer
    return str(answer["id"])


async def _release(asked: Api, vehicle: Any) -> None:
    document = "mutation($i: ReleaseVehicleInput!) { releaseVehicle(input: $i) { __typename ... on Error { code } } }"
    answer = (await asked.data(document, {"i": {"vehicleId": global_id("Vehicle", vehicle.id)}}))["releaseVehicle"]
    assert "code" not in answer, answer


async def test_a_driver_follows_what_they_hold_and_nothing_else(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    first, second = await world.vehicle(north), await world.vehicle(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    me = api.as_role(Role.DRIVER, north.id, str(driver.id))
    await _assign(dispatcher, first, driver)
    async with following(address, me, _DOCUMENT) as phone:
        await record(api, first, told(first, 1, longitude=10.1), told(second, 1, longitude=20.1))
        assert await _seen(phone) == (10.1, True)
        await _release(dispatcher, first)
        await _assign(dispatcher, second, driver)
        await asyncio.sleep(0.6)
        await record(api, first, told(first, 2, longitude=10.2), told(second, 2, longitude=20.2))
        assert await _seen(phone) == (20.2, True)
        await _release(dispatcher, second)
        await asyncio.sleep(0.6)
        await record(api, first, told(first, 3, longitude=10.3), told(second, 3, longitude=20.3))
        await _silence(phone, 0.5)
