"""How an answer leaves: in one piece where it comes in one, and never with a line that nobody wrote."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from fleet_api.graphql.requests import RequestLog
from fleet_api.graphql.transport import strict_http
from fleet_api.settings import Settings
from tests.support.graph import unseen
from tests.support.raw import raw
from tests.support.server import serving

_HELLO = b"%b / HTTP/1.1\r\nHost: x\r\n\r\n"
_LAST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class _Says:
    """An application that sends what it is told to, and notes how far it got."""

    def __init__(self, headers: Sequence[tuple[bytes, bytes]], *pieces: bytes, status: int = 200) -> None:
        self._start = {"type": "http.response.start", "status": status, "headers": list(headers)}
        self._pieces = pieces
        self.sent = 0

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        await send(dict(self._start))
        for number, piece in enumerate(self._pieces, 1):
            await send({"type": "http.response.body", "body": piece, "more_body": number < len(self._pieces)})
            self.sent += 1


def _length(length: int) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % length


def _undated(answer: bytes) -> bytes:
    """A second may begin between two answers."""
    return re.sub(rb"(\r\ndate: )[^\r]+", rb"\1", answer)


async def _answered(app: Any, settings: Settings, *requests: bytes) -> bytes:
    async with serving(app, settings) as place, raw(place) as client:
        await client.send(*requests)
        return await client.rest()


@pytest.mark.parametrize(
    ("app", "body"),
    [
        (_Says([_length(5)], b"whole"), b"whole"),
        (_Says([_length(5)], b"in ", b"it"), b"in it"),
        (_Says([_length(0)], b""), b""),
        (_Says([], b"of", b"ten"), b"2\r\nof\r\n3\r\nten\r\n0\r\n\r\n"),
        (_Says([], b"once"), b"4\r\nonce\r\n0\r\n\r\n"),
    ],
)
async def test_a_body_comes_as_it_was_sent(app: _Says, body: bytes, settings: Settings) -> None:
    answer = await _answered(app, settings, _HELLO % b"GET", _LAST)
    first, second = (b"HTTP/1.1 " + each for each in answer.split(b"HTTP/1.1 ")[1:])
    for each in (first, second):
        assert each.startswith(b"HTTP/1.1 200 OK\r\n")
        assert each.partition(b"\r\n\r\n")[2] == body
    assert b"connection: close" not in first
    assert b"connection: close" in second


async def test_an_answer_in_one_piece_is_one_write(settings: Settings) -> None:
    async with serving(_Says([_length(5)], b"whole"), settings) as place:
        host, _, port = place.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        for _ in range(50):
            writer.write(_HELLO % b"GET")
            head = await reader.read(65536)  # whatever is there as soon as anything is
            assert head.endswith(b"\r\n\r\nwhole")
        writer.close()


async def test_whoever_asks_for_the_head_gets_no_body(settings: Settings) -> None:
    answer = await _answered(_Says([_length(5)], b"whole"), settings, _HELLO % b"HEAD", _LAST)
    first = answer.split(b"HTTP/1.1 ")[1]
    assert first.startswith(b"200 OK\r\n")
    assert b"content-length: 5" in first
    assert first.endswith(b"\r\n\r\n")


async def test_an_application_may_end_the_connection(settings: Settings) -> None:
    app = _Says([_length(5), (b"connection", b"close")], b"whole")
    answer = await _answered(app, settings, _HELLO % b"GET")
    assert answer.count(b"HTTP/1.1 200 OK") == 1
    assert answer.count(b"connection: close") == 1
    assert answer.endswith(b"\r\n\r\nwhole")


@pytest.mark.parametrize(
    "header",
    [
        (b"x-said", b"a\r\nset-cookie: b=c"),
        (b"x-said", b"a\nb"),
        (b"x-said", b"a\rb"),
        (b"x-said\r\nx-more", b"a"),
        (b"x-said", b"a\r\n\r\nHTTP/1.1 200 OK"),
    ],
)
async def test_no_header_holds_two_lines(header: tuple[bytes, bytes], settings: Settings) -> None:
    answer = await _answered(_Says([header, _length(5)], b"whole"), settings, _HELLO % b"GET")
    assert answer == b""


@pytest.mark.parametrize(
    "header",
    [(b"x-said", b"a\0b"), (b"x-said", b"a\x1b[2J"), (b"x-said", b"a\x7f"), (b"transfer-encoding", b"chunked")],
)
async def test_what_uvicorn_looks_at_it_sees(
    header: tuple[bytes, bytes], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = _Says([header, _length(5)], b"whole")
    ours = await _answered(app, settings, _LAST)
    monkeypatch.setattr(strict_http, "Cycle", RequestResponseCycle)
    theirs = await _answered(app, settings, _LAST)
    assert _undated(ours) == _undated(theirs)


@pytest.mark.parametrize("body", [b"short", b"much too long"])
async def test_a_length_that_is_not_true_ends_the_connection(body: bytes, settings: Settings) -> None:
    app = _Says([_length(9)], body)
    answer = await _answered(app, settings, _HELLO % b"GET", _HELLO % b"GET")
    assert answer.count(b"HTTP/1.1 200 OK") == 1
    assert app.sent == 0


async def test_a_head_alone_is_no_answer(settings: Settings) -> None:
    answer = await _answered(_Says([_length(5)]), settings, _HELLO % b"GET")
    assert answer.startswith(b"HTTP/1.1 500 ")


async def _empty(scope: Scope, _: Receive, send: Send) -> None:
    if scope["type"] != "lifespan":
        await send({"type": "http.response.start", "status": 200, "headers": [_length(0)]})
        await send({"type": "http.response.body"})


async def test_a_body_need_not_be_named(settings: Settings) -> None:
    answer = await _answered(_empty, settings, _HELLO % b"GET", _LAST)
    assert answer.count(b"HTTP/1.1 200 OK") == 2


async def _dies(scope: Scope, _: Receive, send: Send) -> None:
    if scope["type"] != "lifespan":
        await send({"type": "http.response.start", "status": 200, "headers": [_length(2)]})
        raise ValueError("late")


async def test_what_fails_after_its_head_is_told_as_what_it_is(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await _answered(RequestLog(_dies, unseen()), settings, _LAST)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"INTERNAL_ERROR" in answer
    assert b"x-request-id: " in answer
    assert '"status":500' in capsys.readouterr().err
