"""The bounds of the wire: what is just under them passes, and what is just over them is refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.raw import HELLO, POST, QUERY, Raw, asked, head, in_chunks, raw, refused
from tests.support.server import serving
from tests.support.sockets import connected
from tests.support.transport import Edge, edge_of

_GET = "GET /graphql?query={__typename} HTTP/1.1"


@pytest.fixture
def edge_with(settings: Settings, services: Services) -> Any:
    """An edge with settings of its own."""

    @asynccontextmanager
    async def with_(**changed: object) -> AsyncIterator[Edge]:
        async with edge_of(settings.model_copy(update=changed), services) as edge:
            yield edge

    return with_


async def _status(edge: Edge, *parts: bytes) -> int:
    async with raw(edge.place) as client:
        await client.send(*parts)
        return (await client.reply()).status


def _cut(request: bytes) -> list[bytes]:
    return [request[at : at + 1_000] for at in range(0, len(request), 1_000)]


async def test_a_hundred_headers_pass(edge: Edge) -> None:
    few = head("Host: x", *(f"X-{number}: y" for number in range(99)), first=_GET)
    many = head("Host: x", *(f"X-{number}: y" for number in range(100)), first=_GET)
    assert await _status(edge, few) == await _status(edge, *_cut(few)) == 200
    for request in ([many], _cut(many), [many[:-2] + b"X: y"]):  # also when they do not come to their end
        reply = await refused(edge.place, *request)
        assert (reply.status, reply.code) == (431, "HEADERS_TOO_LARGE")


async def test_headers_of_32_kibibytes_pass(edge: Edge) -> None:
    size = 32_768 - len(b"Host: x\r\n") - 2 * len(b"A: \r\n")
    fits = head("Host: x", "A: " + "x" * 9_000, "A: " + "x" * (size - 9_000), first=_GET)
    long = head("Host: x", "A: " + "x" * 9_000, "A: " + "x" * (size - 8_999), first=_GET)
    assert await _status(edge, fits) == await _status(edge, *_cut(fits)) == 200
    for request in ([long], _cut(long)):
        reply = await refused(edge.place, *request)
        assert (reply.status, reply.code) == (431, "HEADERS_TOO_LARGE")


@pytest.mark.parametrize(
    "start",
    [
        b"GET /graphql HTTP/1.1\r\nHost: x\r\nA: ",
        b"GET /graphql HTTP/1.1\r\nHost: x\r\nA",
        b"\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n1;",
        POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n \r\n0\r\nA: ",
    ],
)
async def test_what_does_not_come_to_its_end_is_cut_off_before_it_fills_the_memory(edge: Edge, start: bytes) -> None:
    on = b"\r\n" if start == b"\r\n" else b"x"
    async with raw(edge.place) as client:
        await client.send(start, *[on * 500] * 20)
        await client.send(*[on * 10_000] * 50)
        assert b" 431 " in await client.rest()


async def test_trailers_without_end_are_cut_off(edge: Edge) -> None:
    async with raw(edge.place) as client:
        await client.send(POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", *[b"A: b\r\n"] * 200)
        assert b" 431 " in await client.rest()


async def test_an_address_of_8_kibibytes_passes(edge: Edge) -> None:
    address = "/graphql?query={__typename}&x="
    fits, long = (head("Host: x", first=f"GET {address.ljust(length, 'x')} HTTP/1.1") for length in (8_192, 8_193))
    assert await _status(edge, fits) == await _status(edge, *_cut(fits)) == 200
    for request in ([long], _cut(long), [long[:9_000]]):
        reply = await refused(edge.place, *request)
        assert (reply.status, reply.code) == (414, "URL_TOO_LONG")


async def test_a_body_of_2_mebibytes_passes_and_a_longer_one_is_not_read(edge: Edge) -> None:
    fits = QUERY + b" " * (2_097_152 - len(QUERY))
    assert await _status(edge, POST + b"Content-Length: %d\r\n\r\n" % len(fits) + fits) == 200
    halves = in_chunks([fits[:1_000_000], fits[1_000_000:]])
    assert await _status(edge, POST + b"Transfer-Encoding: chunked\r\n\r\n" + halves) == 200
    told = await refused(edge.place, POST + b"Content-Length: 2097153\r\n\r\n" + b"{")
    counted = await refused(
        edge.place, POST + b"Transfer-Encoding: chunked\r\n\r\n", in_chunks([fits[:1_000_000], fits[1_000_000:], b" "])
    )
    assert {(reply.status, reply.code) for reply in (told, counted)} == {(413, "BODY_TOO_LARGE")}


async def test_who_is_refused_hears_so_while_still_sending(edge: Edge) -> None:
    async with raw(edge.place) as client:
        await client.send(POST + b"Content-Length: 99999999\r\n\r\n")
        for _ in range(40):
            await client.send(b"x" * 50_000)
        assert (await client.reply()).status == 413


async def test_headers_are_waited_for_in_vain_only_so_long(edge_with: Any) -> None:
    async with edge_with(header_seconds=1) as edge, raw(edge.place) as slow, raw(edge.place) as dribbling:  # noqa: SIM117
        async with raw(edge.place) as silent, raw(edge.place) as second:
            await second.send(HELLO)
            assert (await second.reply()).status == 200
            began = monotonic()
            await second.send(HELLO[:20])
            await slow.send(HELLO[:20])
            await asyncio.sleep(0.7)
            await slow.send(HELLO[20:])
            assert (await slow.reply()).status == 200
            for letter in HELLO:
                await dribbling.send(bytes([letter]))
                await asyncio.sleep(0.02)
            for late in (dribbling, second):
                reply = await late.reply()
                assert (reply.status, reply.code, await late.rest()) == (408, "REQUEST_TIMEOUT", b"")
            assert await silent.rest() == b""
            assert 1 <= monotonic() - began < 5


async def test_a_body_is_waited_for_in_vain_only_so_long(edge_with: Any) -> None:
    start = POST + b"Content-Length: %d\r\n\r\n" % len(QUERY)
    async with edge_with(body_seconds=1) as edge, raw(edge.place) as slow, raw(edge.place) as dribbling:
        began = monotonic()
        async with raw(edge.place) as unwanted:
            await unwanted.send(start.replace(b"application/json", b"text/plain"))
            assert (await unwanted.reply()).status == 415
            await slow.send(start)
            await asyncio.sleep(0.7)
            await slow.send(QUERY)
            assert (await slow.reply()).status == 200
            await dribbling.send(start)
            for letter in QUERY[:20]:
                await dribbling.send(bytes([letter]))
                await asyncio.sleep(0.07)
            reply = await dribbling.reply()
            assert (reply.status, reply.code, await dribbling.rest()) == (408, "REQUEST_TIMEOUT", b"")
            assert await unwanted.rest() == b""
        assert 1 <= monotonic() - began < 5
        # Each request has the time for itself.
        for _ in range(3):
            await slow.send(start + QUERY[:5])
            await asyncio.sleep(0.5)
            await slow.send(QUERY[5:])
            assert (await slow.reply()).status == 200


async def test_a_connection_idles_so_long_between_requests(edge_with: Any) -> None:
    async with edge_with(idle_seconds=1, header_seconds=0.3) as edge, raw(edge.place) as client:
        for _ in range(3):
            await asked(client)
            await asyncio.sleep(0.6)
        began = monotonic()
        assert await client.rest() == b""
        assert monotonic() - began < 3


async def test_an_answer_is_left_unread_only_so_long(settings: Settings) -> None:
    long = b"x" * 16_000_000
    hasty = settings.model_copy(update={"read_seconds": 0.5})
    async with serving(PlainTextResponse(long), hasty) as place, raw(place) as stuck, raw(place) as reading:
        for client in (stuck, reading):
            client.reading(False)
            await client.send(HELLO)
        reading.reading(True)
        assert (await reading.reply()).body == long
        await asyncio.sleep(2)
        stuck.reading(True)
        assert len(await _all_of(stuck)) < len(long)


async def test_half_sent_requests_make_room_for_whole_ones(edge_with: Any) -> None:
    async with edge_with(connections=10) as edge, AsyncExitStack() as stack:
        busy = [await stack.enter_async_context(raw(edge.place)) for _ in range(3)]
        for client in busy:
            await asked(client)
        half = [await stack.enter_async_context(raw(edge.place)) for _ in range(30)]
        for client in half:
            await client.send(HELLO[:20])
        async with raw(edge.place) as another:
            await asked(another)
        # The oldest went first, and then whoever idled.
        assert await _all_of(half[0]) == b""
        await half[-1].send(HELLO[20:])
        assert (await half[-1].reply()).status == 200


async def test_when_all_places_are_taken_the_next_is_told_so(edge_with: Any) -> None:
    async with edge_with(connections=3) as edge:
        async with connected(edge.address), connected(edge.address), connected(edge.address):
            for _ in range(5):
                reply = await refused(edge.place, HELLO)
                assert (reply.status, reply.code) == (503, "UNAVAILABLE")
        await asyncio.sleep(0.1)
        assert await _status(edge, HELLO) == 200


async def _all_of(client: Raw) -> bytes:
    try:
        return await client.rest()
    except ConnectionError:
        return b""
