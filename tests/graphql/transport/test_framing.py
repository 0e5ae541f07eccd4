"""Where a request begins and ends is never in doubt, or it is refused."""

import json

import pytest

from tests.support.raw import HELLO, POST, QUERY, asked, head, in_chunks, raw, refused
from tests.support.transport import Edge

_GET = "GET /graphql?query={__typename} HTTP/1.1"
_CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
_H2C = ("Host: x", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")


@pytest.mark.parametrize(
    "request_",
    [
        head("Host: x", "Transfer-Encoding: chunked", "Content-Length: 5") + b"0\r\n\r\n",
        head("Host: x", "Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
        head("Host: x", "Content-Length: 5", "Content-Length: 6") + b"123456",
        head("Host: x", "Content-Length: 5", "Content-Length: 5") + b"12345",
        head("Host: x", "Content-Length: 5, 5") + b"12345",
        head("Host: x", "Content-Length: +5") + b"12345",
        head("Host: x", "Content-Length: -5"),
        head("Host: x", "Content-Length: 0x5") + b"12345",
        head("Host: x", "Content-Length: "),
        head("Host: x", "Content-Length: 99999999999999999999999"),
        head("Host: x", "Transfer-Encoding: chunked, identity") + b"0\r\n\r\n",
        head("Host: x", "Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n",
        head("Host: x", "Transfer-Encoding: identity"),
        head("Host: x", "Transfer-Encoding: xchunked") + b"0\r\n\r\n",
        head("Host: x", "Transfer-Encoding: \x0bchunked") + b"0\r\n\r\n",
        head("Host: x", "Transfer-Encoding: "),
        head("Host: x", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
        head("Host: x", "Transfer-Encoding:\r\n chunked") + b"0\r\n\r\n",
        head("Host: x", "Transfer-Encoding : chunked") + b"0\r\n\r\n",
        head("Host: x", "Transfer-Encoding: chunked", first="POST /graphql HTTP/1.0") + b"0\r\n\r\n",
        _CHUNKED + b"zz\r\n",
        _CHUNKED + b"-3\r\nabc\r\n0\r\n\r\n",
        _CHUNKED + b"fffffffffffffffff\r\n",
        _CHUNKED + b"3\nabc\n0\n\n",
        _CHUNKED + b"3;\nx\r\nabc\r\n0\r\n\r\n",
        _CHUNKED + b"3\r\nabcdef\r\n",
        _CHUNKED + b"0\r\nHost: y\r\n\r\n",
        head("Host: x", "A: b\r\n folded", first=_GET),
        head("Host: x", " A: b", first=_GET),
        head("Host: x", "A : b", first=_GET),
        head("Host: x", ": b", first=_GET),
        head("Host: x", "A", first=_GET),
        head("Host: x", "A: b\x00c", first=_GET),
        head("Host: x", "A: b\rC: d", first=_GET),
        head("Host: x", "A: b\nC: d", first=_GET),
        b"GET /graphql HTTP/1.1\nHost: x\n\n",
        head(first=_GET),
        head("Host: ", first=_GET),
        head("Host: x", "Host: x", first=_GET),
        head("Host: x", "Host: y", first=_GET),
        head("Host: x y", first=_GET),
        head("Host: x/y", first=_GET),
        head("Host: x", first="GET http://y/graphql HTTP/1.1"),
        head("Host: x", first="GET graphql HTTP/1.1"),
        head("Host: x", first="GET /a b HTTP/1.1"),
        head("Host: x", first="GET /\xff HTTP/1.1"),
        head("Host: x", first="OPTIONS * HTTP/1.1"),
        head("Host: x", first="CONNECT x:443 HTTP/1.1"),
        head("Host: x", first="GET /graphql HTTP/1.2"),
        head("Host: x", first="GET /graphql HTTP/2.0"),
        head("Host: x", first="GET /graphql HTTP/9.9"),
        head("Host: x", first="GET /graphql"),
        head("Host: x", first="PRI * HTTP/2.0"),
        head("Host: x", first="get /graphql HTTP/1.1"),
        head("Host: x", first="FETCH /graphql HTTP/1.1"),
        head(*_H2C, "Content-Length: 5") + b"12345",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x00" * 100,
    ],
    ids=repr,
)
async def test_what_is_ambiguous_or_no_http_is_refused(edge: Edge, request_: bytes) -> None:
    reply = await refused(edge.place, request_)
    assert (reply.status, reply.code) == (400, "BAD_REQUEST")
    # However the network cuts it.
    parts = [request_[at : at + 7] for at in range(0, len(request_), 7)]
    assert (await refused(edge.place, *parts)).status == 400


@pytest.mark.parametrize(
    "request_",
    [
        POST + b"Content-Length: %d\r\n\r\n" % len(QUERY) + QUERY,
        POST + b"Transfer-Encoding: Chunked\r\n\r\n" + in_chunks([QUERY[:9], QUERY[9:]]),
        _CHUNKED + b"1b;a=b\r\n" + QUERY + b"\r\n0\r\nA: b\r\n\r\n",
        HELLO.replace(b"/graphql", b"http://X/graphql"),
        b"\r\n\r\n" + HELLO,
        head(*_H2C, first=_GET),
        head("Host: x", "A: \xff", "B:", first=_GET),
        head("host:X.example:8000", first=_GET),
        head("Host: [::1]:8000", first=_GET),
    ],
    ids=repr,
)
async def test_what_is_unusual_but_clear_is_answered(edge: Edge, request_: bytes) -> None:
    async with raw(edge.place) as client:
        await client.send(request_)
        reply = await client.reply()
        assert (reply.status, json.loads(reply.body)["data"]) == (200, {"__typename": "Query"})


async def test_http_1_0_is_answered_and_hung_up_on(edge: Edge) -> None:
    async with raw(edge.place) as client:
        await client.send(HELLO.replace(b"HTTP/1.1\r\nHost: x", b"HTTP/1.0\r\nConnection: keep-alive"))
        reply = await client.reply()
        assert (reply.status, reply.headers["connection"]) == (200, "close")
        assert await client.rest() == b""


async def test_a_stream_of_events_needs_chunks_and_so_http_1_1(edge: Edge) -> None:
    async with raw(edge.place) as client:
        await client.send(HELLO.replace(b"1.1\r\n", b"1.0\r\nAccept: text/event-stream\r\n"))
        assert (await client.reply()).status == 400


async def test_requests_in_a_row_are_answered_in_their_order(edge: Edge) -> None:
    async with raw(edge.place) as client:
        asked = [b"GET /graphql?query=%%7Ba%d:__typename%%7D HTTP/1.1\r\nHost: x\r\n\r\n" % n for n in range(20)]
        await client.send(b"".join(asked))
        answers = [json.loads((await client.reply()).body) for _ in asked]
        assert [answer["data"] for answer in answers] == [{f"a{number}": "Query"} for number in range(20)]


async def test_who_asks_ever_more_without_awaiting_answers_is_refused_behind_them(edge: Edge) -> None:
    async with raw(edge.place) as client:
        await client.send(HELLO * 1_000)
        statuses = []
        while not statuses or statuses[-1] == 200:
            statuses.append((await client.reply()).status)
        assert (statuses[-1], await client.rest()) == (429, b"")
        assert 10 < statuses.count(200) < 100


@pytest.mark.parametrize("broken", [b"GET / HTTP/1.1\r\n\r\n", b"\x00", POST + b"Content-Length: 9999999\r\n\r\n"])
async def test_what_is_refused_is_told_after_what_was_asked_before(edge: Edge, broken: bytes) -> None:
    async with raw(edge.place) as client:
        await client.send(HELLO + broken + HELLO)
        assert (await client.reply()).status == 200
        assert (await client.reply()).status in {400, 413}
        assert await client.rest() == b""


async def test_what_follows_an_upgrade_that_we_do_not_speak_is_not_read(edge: Edge) -> None:
    async with raw(edge.place) as client:
        await client.send(head(*_H2C, first=_GET), HELLO)
        reply = await client.reply()
        assert (reply.status, reply.headers["connection"]) == (200, "close")
        assert b"HTTP/1.1" not in await client.rest()


async def test_a_client_may_ask_before_it_sends_its_body(edge: Edge) -> None:
    async with raw(edge.place) as client:
        await client.send(POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(QUERY))
        assert (await client.reply()).status == 100
        await client.send(QUERY)
        assert (await client.reply()).status == 200
        assert (await asked(client))["data"] == {"__typename": "Query"}


async def test_who_is_refused_before_sending_the_body_is_hung_up_on(edge: Edge) -> None:
    """Whether the body comes nobody knows: what comes may be a request."""
    async with raw(edge.place) as client:
        await client.send(head("Host: x", "Content-Type: text/plain", "Expect: 100-continue", "Content-Length: 99"))
        assert (await client.reply()).status == 415
        await client.send(HELLO + HELLO)
        assert await client.rest() == b""


async def test_the_rest_of_a_body_that_nobody_wants_is_read_and_dropped(edge: Edge) -> None:
    async with raw(edge.place) as client:
        await client.send(head("Host: x", "Content-Type: text/plain", "Content-Length: 99") + b"x" * 50)
        assert (await client.reply()).status == 415
        await client.send(b"x" * 49)
        assert (await asked(client))["data"] == {"__typename": "Query"}


async def test_trailers_reach_no_application(edge: Edge) -> None:
    async with raw(edge.place) as client:
        await client.send(_CHUNKED)
        await client.send(in_chunks([QUERY])[:-2] + b"Authorization: Bearer nonsense\r\n\r\n")
        assert (await client.reply()).status == 200


async def test_a_refusal_of_head_has_no_body(edge: Edge) -> None:
    async with raw(edge.place) as client:
        await client.send(b"HEAD /graphql HTTP/1.1\r\n\r\n")
        answer = await client.rest()
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert answer.endswith(b"\r\n\r\n")


async def test_frames_before_the_handshake_was_answered_are_refused(edge: Edge) -> None:
    handshake = ("Host: x", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    asking = head(*handshake, key, first="GET /graphql HTTP/1.1")
    assert (await refused(edge.place, asking + b"\x81\x80abcd")).status == 400
    assert (await refused(edge.place, head(*handshake, key, "Content-Length: 2", first=_GET) + b"{}")).status == 400


@pytest.mark.parametrize("first", [_GET, "POST /graphql HTTP/1.1", "GET /nothing HTTP/1.1", "DELETE /graphql HTTP/1.1"])
async def test_no_answer_is_sniffed_at_or_names_the_server(edge: Edge, first: str) -> None:
    async with raw(edge.place) as client:
        await client.send(head("Host: x", first=first))
        reply = await client.reply()
        assert (reply.headers["x-content-type-options"], "server" in reply.headers) == ("nosniff", False)
