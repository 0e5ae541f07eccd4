"""Server-sent events: what comes over the wire, who is let in, and what ends a stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest

from fleet_api.graphql.live.member import MOST_UNSENT_BYTES
from fleet_api.graphql.transport.event_stream import EventStream
from fleet_api.shared.infrastructure.resources import Services
from tests.support.transport import FOLLOW, Edge, token_of


class Stream:
    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def block(self) -> list[str]:
        """The lines up to the next empty one. Raises `StopAsyncIteration` at the end."""
        lines: list[str] = []
        async with asyncio.timeout(10):
            while line := await anext(self._lines):
                lines.append(line)
        return lines

    async def next(self) -> Any:
        while (block := await self.block()) == [":"]:
            pass
        event, *_, data = block
        assert event == "event: next"
        return json.loads(data.removeprefix("data: "))


@asynccontextmanager
async def followed(edge: Edge, token: str | None = None, query: str = FOLLOW, **headers: str) -> AsyncIterator[Stream]:
    """Past the first comment."""
    sent = {"accept": "text/event-stream", **headers} | ({"authorization": f"Bearer {token}"} if token else {})
    async with (
        httpx.AsyncClient(timeout=20) as client,
        client.stream("POST", edge.url, json={"query": query}, headers=sent) as response,
    ):
        stream = Stream(response)
        if response.status_code == 200:
            assert await stream.block() == [":"]
        yield stream


async def test_each_event_bears_its_cursor(edge: Edge, services: Services) -> None:
    async with followed(edge, token_of(services)) as stream:
        headers = stream.response.headers
        assert headers["content-type"] == "text/event-stream; charset=utf-8"
        assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")
        assert headers["x-request-id"]
        member = (await edge.live.next()).member
        member.send([b'{"data":{"n":1}}', b'{"data":{"n":2}}'], ["c1", "c2"])
        assert await stream.block() == ["event: next", "id: c1", 'data: {"data":{"n":1}}']
        assert await stream.block() == ["event: next", "id: c2", 'data: {"data":{"n":2}}']
        member.send([])
        member.complete()
        member.send([b"{}"])
        assert await stream.block() == ["event: complete", "data: "]
        with pytest.raises(StopAsyncIteration):
            await stream.block()


async def test_a_stream_goes_on_after_the_last_event_that_its_client_names(edge: Edge, services: Services) -> None:
    async with followed(edge, token_of(services), **{"last-event-id": "c7"}):
        assert (await edge.live.next()).context.resume_from == "c7"
    async with followed(edge, token_of(services)):
        assert (await edge.live.next()).context.resume_from is None


async def test_a_stream_may_be_asked_for_by_address(edge: Edge) -> None:
    async with (
        httpx.AsyncClient() as client,
        client.stream("GET", edge.url, params={"query": FOLLOW}, headers={"accept": "text/event-stream"}) as response,
    ):
        assert response.status_code == 200
        await edge.live.next()
    async with httpx.AsyncClient() as client:
        refused = await client.get(
            edge.url, params={"query": "mutation { logout }"}, headers={"accept": "text/event-stream"}
        )
        assert refused.status_code == 200  # it does not fit the schema, and so is no mutation


async def test_a_mutation_is_not_run_by_address(edge: Edge) -> None:
    mutation = 'mutation { login(input: {phone: "+4790000000", password: "x"}) { __typename } }'
    async with httpx.AsyncClient() as client:
        refused = await client.get(edge.url, params={"query": mutation}, headers={"accept": "text/event-stream"})
    assert refused.status_code == 405
    assert refused.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


async def test_a_query_is_one_event_and_the_end(edge: Edge, services: Services) -> None:
    async with followed(edge, token_of(services), "{ __typename }") as stream:
        assert (await stream.next())["data"] == {"__typename": "Query"}
        assert await stream.block() == ["event: complete", "data: "]


async def test_what_does_not_fit_the_schema_is_told_on_the_stream(edge: Edge, services: Services) -> None:
    async with followed(edge, token_of(services), "subscription { nonsense }") as stream:
        told = await stream.next()
        assert (told.keys(), told["errors"][0]["extensions"]["code"]) == ({"errors"}, "GRAPHQL_VALIDATION_FAILED")
        assert await stream.block() == ["event: complete", "data: "]


async def test_an_exception_is_masked(edge: Edge, services: Services) -> None:
    edge.live.refusal = RuntimeError("password=hunter2")
    async with followed(edge, token_of(services)) as stream:
        (error,) = (await stream.next())["errors"]
        assert error["extensions"]["code"] == "INTERNAL_ERROR"
        assert "hunter2" not in json.dumps(error)


@pytest.mark.parametrize(
    ("token", "body", "status", "code"),
    [
        ("forged", {"query": FOLLOW}, 401, "INVALID_TOKEN"),
        (None, {"query": " "}, 400, "BAD_REQUEST"),
        (None, [], 400, "BATCHING_NOT_SUPPORTED"),
    ],
)
async def test_who_is_not_let_in_is_told_in_json(
    edge: Edge, token: str | None, body: Any, status: int, code: str
) -> None:
    headers = {"accept": "text/event-stream"} | ({"authorization": f"Bearer {token}"} if token else {})
    async with httpx.AsyncClient() as client:
        refused = await client.post(edge.url, json=body, headers=headers)
    assert refused.status_code == status
    assert "json" in refused.headers["content-type"]
    assert refused.json()["errors"][0]["extensions"]["code"] == code


async def test_a_client_that_takes_json_too_gets_json(edge: Edge, services: Services) -> None:
    headers = {"accept": "application/json, text/event-stream"}
    async with httpx.AsyncClient() as client:
        answer = await client.post(edge.url, json={"query": "{ __typename }"}, headers=headers)
    assert answer.json()["data"] == {"__typename": "Query"}


async def test_a_client_that_is_gone_is_followed_no_more(edge: Edge, services: Services) -> None:
    async with followed(edge, token_of(services)):
        following = await edge.live.next()
    async with asyncio.timeout(10):
        while not following.is_stopped:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert not any(edge.house.heartbeat._seconds)
    assert not edge.house.standing._guests


async def test_a_reader_that_stopped_is_ended_at_the_bound(edge: Edge, services: Services) -> None:
    host, port = edge.place.split(":")
    _, writer = await asyncio.open_connection(host, int(port), limit=1_024)
    body = json.dumps({"query": FOLLOW}).encode()
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode() + b"Content-Type: application/json\r\n\r\n" + body)
    following, most = await edge.live.next(), 0
    async with asyncio.timeout(20):
        while not following.is_stopped:
            following.member.send([b'{"data":"%b"}' % (b"x" * 1_000)])
            most = max(most, following.member.unsent_bytes)
            await asyncio.sleep(0)
    assert 0 < most <= MOST_UNSENT_BYTES + 2_000
    assert following.member.unsent_bytes == 0
    await following.member.drained()
    writer.transport.abort()


async def test_a_comment_shows_that_the_stream_lives(edge: Edge, services: Services) -> None:
    async with followed(edge, token_of(services)) as stream:
        await edge.live.next()
        for second in edge.house.heartbeat._seconds:
            for each in second:
                assert isinstance(each, EventStream)
                each.beat()
        assert await stream.block() == [":"]


async def test_a_stream_ends_with_its_token(edge: Edge, services: Services) -> None:
    async with followed(edge, token_of(services, uuid4(), seconds=2), **{"accept-language": "es"}) as stream:
        (error,) = (await stream.next())["errors"]
        assert (error["extensions"]["code"], error["message"]) == ("TOKEN_EXPIRED", "El token ha caducado.")
        assert await stream.block() == ["event: complete", "data: "]
        assert (await edge.live.next()).is_stopped
