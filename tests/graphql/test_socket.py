"""The protocol of the socket: what ends it, what ends one operation, and what ends nothing."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from fleet_api.shared.domain.permission import Role
from tests.support.api import Api, global_id
from tests.support.sockets import connected, opened, receive, send
from tests.support.world import World

_INIT = {"type": "connection_init"}
_POSITIONS = "subscription { vehiclePositions(minIntervalMs: 250) { cursor } }"


async def _close_code(socket: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed):
        while True:
            await asyncio.wait_for(socket.recv(), 10)
    assert socket.close_code is not None
    return socket.close_code


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (["not json"], 4400),
        (["null"], 4400),
        (["[]"], 4400),
        (['"x"'], 4400),
        ([{}], 4400),
        ([{"type": "nonsense"}], 4400),
        ([{"type": "connection_init", "payload": 7}], 4400),
        ([_INIT, _INIT], 4429),
        ([{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}], 4401),
        ([_INIT, {"type": "subscribe", "id": {}, "payload": {"query": "{ __typename }"}}], 4400),
        ([_INIT, {"type": "subscribe", "id": "1", "payload": None}], 4400),
        ([_INIT, {"type": "subscribe", "id": "1", "payload": {"query": 1}}], 4400),
        ([_INIT, {"type": "subscribe", "id": "1"}], 4400),
        ([_INIT, {"type": "subscribe", "id": "1", "payload": {"query": " "}}], 4400),
        (['{"variables": {"a": ' + "9" * 5000 + "}}"], 4400),
        (["[" * 100_000], 4400),
        (['{"type": "\\ud800"}'], 4400),
        ([{"type": "connection_init", "payload": {"Authorization": "Bearer forged"}}], 4403),
    ],
)
async def test_what_is_not_of_the_protocol_ends_the_socket(address: str, messages: list[Any], code: int) -> None:
    async with connected(address) as socket:
        for message in messages:
            await socket.send(message if isinstance(message, str) else json.dumps(message))
        assert await _close_code(socket) == code


async def test_one_id_runs_once(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    async with opened(address, api.as_role(Role.DISPATCHER, north.id)) as socket:
        for _ in range(2):
            await send(socket, id="1", type="subscribe", payload={"query": _POSITIONS})
        assert await _close_code(socket) == 4409


async def test_the_hundred_and_first_operation_is_refused_and_the_others_go_on(
    api: Api, world: World, address: str
) -> None:
    north = await world.provider()
    async with opened(address, api.as_role(Role.DISPATCHER, north.id)) as socket:
        for number in range(101):
            await send(socket, id=str(number), type="subscribe", payload={"query": _POSITIONS})
        refused = await receive(socket)
        assert (refused["type"], refused["id"]) == ("error", "100")
        assert refused["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"


async def test_a_syntax_error_ends_its_operation_and_no_other(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    async with opened(address, api.as_role(Role.DISPATCHER, north.id)) as socket:
        await send(socket, id="1", type="subscribe", payload={"query": "subscription {"})
        refused = await receive(socket)
        assert (refused["type"], refused["id"]) == ("error", "1")
        assert refused["payload"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
        await send(socket, id="2", type="subscribe", payload={"query": "{ drivers { totalCount } }"})
        assert (await receive(socket))["payload"]["data"] == {"drivers": {"totalCount": 0}}


async def test_operations_of_one_socket_do_not_share_what_they_loaded(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    asked = api.as_role(Role.DISPATCHER, north.id)
    query = "query($id: ID!) { driver(id: $id) { fullName } }"
    rename = "mutation($i: UpdateDriverInput!) { updateDriver(input: $i) { __typename } }"
    variables = {"id": global_id("Driver", driver.id)}
    async with opened(address, asked) as socket:
        names = []
        for number in range(2):
            await send(socket, id=str(number), type="subscribe", payload={"query": query, "variables": variables})
            names.append((await receive(socket))["payload"]["data"]["driver"]["fullName"])
            assert (await receive(socket))["type"] == "complete"
            await asked.data(rename, {"i": {"driverId": variables["id"], "fullName": "Another Name"}})
    assert names == [driver.full_name, "Another Name"]


async def test_a_suspended_driver_is_gone_within_a_second_and_others_stay(api: Api, world: World, address: str) -> None:
    """drivers rule 3: open sockets close with 4403."""
    north = await world.provider()
    leaving, staying = await world.driver(north), await world.driver(north)
    async with (
        opened(address, api.as_role(Role.DRIVER, north.id, str(leaving.id))) as gone,
        opened(address, api.as_role(Role.DRIVER, north.id, str(staying.id))) as there,
    ):
        document = "mutation($id: ID!) { suspendDriver(input: {driverId: $id}) { __typename } }"
        await api.as_role(Role.DISPATCHER, north.id).data(document, {"id": global_id("Driver", leaving.id)})
        async with asyncio.timeout(1):
            assert await _close_code(gone) == 4403
        await send(there, id="1", type="subscribe", payload={"query": "{ me { id } }"})
        assert (await receive(there))["type"] == "next"


async def test_a_suspended_drivers_stream_is_told_so_and_ends(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    token = api.as_role(Role.DRIVER, north.id, str(driver.id)).token
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient() as client,
        client.stream("POST", f"http{address[2:]}", json={"query": _POSITIONS}, headers=headers) as stream,
    ):
        assert stream.status_code == 200
        document = "mutation($id: ID!) { suspendDriver(input: {driverId: $id}) { __typename } }"
        await api.as_role(Role.DISPATCHER, north.id).data(document, {"id": global_id("Driver", driver.id)})
        async with asyncio.timeout(2):
            told = [line async for line in stream.aiter_lines() if line.startswith(("event", "data: {"))]
    assert told[-3::2] == ["event: next", "event: complete"]
    assert "SESSION_ENDED" in told[-2]


async def test_a_socket_ends_with_its_token(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    async with opened(address, api.as_role(Role.DISPATCHER, north.id, seconds=2)) as socket:
        async with asyncio.timeout(4):
            assert await _close_code(socket) == 4403


async def test_a_client_that_does_not_read_keeps_nobody_else_waiting(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    stuck, other = await world.driver(north), await world.driver(north)
    suspend = "mutation($id: ID!) { suspendDriver(input: {driverId: $id}) { __typename } }"
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    async with (
        opened(address, api.as_role(Role.DRIVER, north.id, str(stuck.id))) as silent,
        opened(address, api.as_role(Role.DRIVER, north.id, str(other.id))) as socket,
    ):
        silent.transport.pause_reading()
        big = "{ " + " ".join(f"a{n}: __schema {{ types {{ name description }} }}" for n in range(3)) + " }"
        for number in range(100):
            await send(silent, id=str(number), type="subscribe", payload={"query": big})
        await dispatcher.data(suspend, {"id": global_id("Driver", stuck.id)})
        await asyncio.sleep(1)
        await dispatcher.data(suspend, {"id": global_id("Driver", other.id)})
        async with asyncio.timeout(2):
            assert await _close_code(socket) == 4403


async def test_only_our_protocol_and_our_origin_are_spoken(address: str) -> None:
    async with connect(address) as socket:
        assert await _close_code(socket) == 4406
    with pytest.raises(InvalidStatus):
        async with connect(address, origin="https://evil.example", subprotocols=["graphql-transport-ws"]):  # type: ignore[arg-type,list-item]
            pass
