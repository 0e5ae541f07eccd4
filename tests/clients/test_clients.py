"""The libraries that pages and phones use speak with us as they speak with their own servers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from fleet_api.shared.infrastructure.resources import Services
from tests.support.transport import FOLLOW, Edge, token_of

HERE = Path(__file__).parent


class Client:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def told(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(await asyncio.wait_for(self._process.stdout.readline(), 20))

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")


Start = Callable[[str, Edge, str, str], AbstractAsyncContextManager[Client]]


@pytest.fixture
def start(node: str) -> Start:
    @asynccontextmanager
    async def started(kind: str, edge: Edge, token: str, query: str) -> AsyncIterator[Client]:
        address = edge.address if kind == "sockets" else edge.url
        process = await asyncio.create_subprocess_exec(
            node, str(HERE / "client.js"), kind, address, token, query, stdin=-1, stdout=-1
        )
        yield Client(process)
        if process.returncode is None:
            process.kill()
        await process.wait()

    return started


@pytest.mark.parametrize("kind", ["sockets", "streams"])
async def test_a_subscription_is_followed_until_it_is_complete(
    kind: str, edge: Edge, start: Start, services: Services
) -> None:
    async with start(kind, edge, token_of(services), FOLLOW) as client:
        followed = await edge.live.next()
        followed.member.send([b'{"data":{"n":1}}', '{"data":{"n":"zwölf"}}'.encode()], "c2")
        assert await client.told() == ["next", {"data": {"n": 1}}]
        assert await client.told() == ["next", {"data": {"n": "zwölf"}}]
        followed.member.complete()
        assert await client.told() == ["complete"]


@pytest.mark.parametrize("kind", ["sockets", "streams"])
async def test_a_query_is_answered_and_complete(kind: str, edge: Edge, start: Start, services: Services) -> None:
    async with start(kind, edge, token_of(services), "{ __typename }") as client:
        kind_of, answer = await client.told()
        assert (kind_of, answer["data"]) == ("next", {"__typename": "Query"})
        assert await client.told() == ["complete"]


@pytest.mark.parametrize("kind", ["sockets", "streams"])
async def test_what_does_not_fit_the_schema_is_told_with_its_code(
    kind: str, edge: Edge, start: Start, services: Services
) -> None:
    async with start(kind, edge, token_of(services), "subscription { nonsense }") as client:
        what, told = await client.told()
        errors = told if what == "error" else told["errors"]
        assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_a_socket_is_told_why_it_is_closed_and_a_stream_by_status(
    edge: Edge, start: Start, services: Services
) -> None:
    async with start("sockets", edge, "forged", FOLLOW) as client:
        assert (await client.told())[:2] == ["closed", 4403]
    async with start("streams", edge, "forged", FOLLOW) as client:
        assert "401" in (await client.told())[1]


async def test_a_token_is_renewed_under_a_running_subscription(edge: Edge, start: Start, services: Services) -> None:
    provider = uuid4()
    async with start("sockets", edge, token_of(services, provider, seconds=3), FOLLOW) as client:
        followed = await edge.live.next()
        client.say(f"renew {token_of(services, provider)}")
        told = await client.told()
        assert told[0] == "pong"
        assert told[1]["renewed"] is True
        await asyncio.sleep(4)
        followed.member.send([b'{"data":{"n":1}}'])
        assert await client.told() == ["next", {"data": {"n": 1}}]


async def test_a_stream_whose_token_ends_is_told_so_and_is_complete(
    edge: Edge, start: Start, services: Services
) -> None:
    async with start("streams", edge, token_of(services, seconds=2), FOLLOW) as client:
        _, result = await client.told()
        assert [error["extensions"]["code"] for error in result["errors"]] == ["TOKEN_EXPIRED"]
        assert await client.told() == ["complete"]
