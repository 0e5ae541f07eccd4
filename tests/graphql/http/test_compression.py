"""Bodies that come compressed, and answers that go so."""

import gzip
import json
import zlib
from typing import Any

import httpx
import pytest

from fleet_api.graphql.http.compression import LONG, WORTH_IT
from fleet_api.graphql.http.terms import terms_of
from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.transport import Edge, edge_of

_TYPENAME = b'{"query": "{ __typename }"}'


@pytest.fixture
async def narrow(settings: Settings, services: Services) -> Any:
    async with edge_of(settings.model_copy(update={"max_body_bytes": 2000}), services) as edge:
        yield edge


async def _post(edge: Edge, content: bytes, coding: str) -> httpx.Response:
    headers = {"content-type": "application/json", "content-encoding": coding}
    async with httpx.AsyncClient() as client:
        return await client.post(edge.url, content=content, headers=headers)


def _code(answer: httpx.Response) -> str:
    code: str = answer.json()["errors"][0]["extensions"]["code"]
    return code


@pytest.mark.parametrize(
    ("coding", "compress"),
    [("gzip", gzip.compress), ("GZIP", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)],
)
async def test_a_compressed_body_is_as_long_as_what_is_in_it(narrow: Edge, coding: str, compress: Any) -> None:
    assert (await _post(narrow, compress(_TYPENAME.ljust(2000)), coding)).json()["data"] == {"__typename": "Query"}
    answer = await _post(narrow, compress(_TYPENAME.ljust(2001)), coding)
    assert (answer.status_code, _code(answer)) == (413, "BODY_TOO_LARGE")


async def test_a_bomb_is_refused(edge: Edge) -> None:
    bomb = gzip.compress(b" " * 1_000_000_000, 9)
    assert len(bomb) < 2 * 1024 * 1024
    assert (await _post(edge, bomb, "gzip")).status_code == 413


@pytest.mark.parametrize(
    ("coding", "content"),
    [
        ("gzip", b"nonsense"),
        ("gzip", b""),
        ("gzip", gzip.compress(_TYPENAME)[:-1]),
        ("gzip", gzip.compress(_TYPENAME) + b"x"),
        ("gzip", gzip.compress(_TYPENAME) + gzip.compress(b" ")),
        ("gzip", zlib.compress(_TYPENAME)),
        ("deflate", gzip.compress(_TYPENAME)),
    ],
)
async def test_what_is_not_compressed_as_it_says_is_a_bad_request(edge: Edge, coding: str, content: bytes) -> None:
    answer = await _post(edge, content, coding)
    assert (answer.status_code, _code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "nonsense", ""])
async def test_codings_that_we_do_not_know_are_named(edge: Edge, coding: str) -> None:
    answer = await _post(edge, _TYPENAME, coding)
    assert (answer.status_code, _code(answer)) == (415, "UNSUPPORTED_CONTENT_ENCODING")
    assert answer.headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("header", "compresses", "as_it_is"),
    [
        ("", False, True),
        ("identity", False, True),
        ("gzip", True, True),
        ("gzip, deflate, br, zstd", True, True),
        ("x-gzip", True, True),
        ("*", True, True),
        ("br", False, True),
        ("gzip;q=0", False, True),
        ("gzip;q=0, *", False, True),
        ("*;q=0.1, identity", False, True),
        ("gzip;q=0.5, identity;q=0.8", False, True),
        ("gzip;q=0.8, identity;q=0.5", True, True),
        ("gzip, identity;q=0", True, False),
        ("gzip, *;q=0", True, False),
        ("br, identity;q=0", False, False),
        ("*;q=0", False, False),
    ],
)
def test_the_coding_is_one_that_the_client_likes(header: str, compresses: bool, as_it_is: bool) -> None:
    terms = terms_of({b"accept-encoding": header.encode()})
    assert (terms.gzip, terms.identity) == (compresses, as_it_is)


_INTROSPECTION = "{ __schema { types { name description fields { name description type { name } } } } }"


async def _ask(edge: Edge, query: str, accept_encoding: str, **headers: str) -> tuple[httpx.Headers, bytes]:
    """The content as it came."""
    sent = {"accept-encoding": accept_encoding, **headers}
    async with (
        httpx.AsyncClient() as client,
        client.stream("POST", edge.url, json={"query": query}, headers=sent) as answer,
    ):
        return answer.headers, b"".join([piece async for piece in answer.aiter_raw()])


async def _asking_for(edge: Edge, length: int) -> str:
    """A document whose answer is so many bytes long."""
    _, shortest = await _ask(edge, "{ a: __typename }", "identity")
    return "{ %s: __typename }" % ("a" * (length - len(shortest) + 1))


async def test_an_answer_is_compressed_where_it_is_worth_it(edge: Edge) -> None:
    headers, content = await _ask(edge, await _asking_for(edge, WORTH_IT), "gzip, br")
    assert headers["content-encoding"] == "gzip"
    assert int(headers["content-length"]) == len(content)
    assert len(gzip.decompress(content)) == WORTH_IT
    headers, content = await _ask(edge, await _asking_for(edge, WORTH_IT - 1), "gzip, br")
    assert "content-encoding" not in headers
    assert len(content) == WORTH_IT - 1


async def test_a_long_answer_is_compressed_too(edge: Edge) -> None:
    headers, content = await _ask(edge, _INTROSPECTION, "gzip")
    assert headers["content-encoding"] == "gzip"
    plain = gzip.decompress(content)
    assert len(plain) > LONG > len(content)
    assert json.loads(plain)["data"]["__schema"]


async def test_who_does_not_ask_gets_it_as_it_is(edge: Edge) -> None:
    headers, content = await _ask(edge, _INTROSPECTION, "identity")
    assert "content-encoding" not in headers
    assert json.loads(content)["data"]["__schema"]


async def test_who_takes_nothing_plain_gets_short_answers_compressed_too(edge: Edge) -> None:
    headers, content = await _ask(edge, "{ __typename }", "gzip, identity;q=0")
    assert headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(content))["data"] == {"__typename": "Query"}


async def test_who_takes_neither_is_told(edge: Edge) -> None:
    async with httpx.AsyncClient(headers={"accept-encoding": "br, identity;q=0"}) as client:
        answer = await client.post(edge.url, json={"query": "{ __typename }"})
    assert (answer.status_code, _code(answer)) == (406, "NOT_ACCEPTABLE")


async def test_event_streams_are_never_compressed(edge: Edge) -> None:
    headers, content = await _ask(edge, _INTROSPECTION, "gzip", accept="text/event-stream")
    assert "content-encoding" not in headers
    assert b"event: next" in content
