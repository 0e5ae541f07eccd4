"""What comes in by GET and POST, and what of it is refused."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from fleet_api.graphql.http.terms import RESPONSE
from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.sockets import connected
from tests.support.transport import Edge, edge_of

_TYPENAME = b'{"query": "{ __typename }"}'


async def _post(edge: Edge, content: bytes, **headers: str) -> httpx.Response:
    sent = {"content-type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient() as client:
        return await client.post(edge.url, content=content, headers=sent)


async def _get(edge: Edge, query_string: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.get(f"{edge.url}?{query_string}", headers=sent)


def _code(answer: httpx.Response) -> str:
    (error,) = answer.json()["errors"]
    code: str = error["extensions"]["code"]
    return code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b'"x"',
        b"1",
        b"{",
        b"{}",
        b'{"query": 1}',
        b'{"query": ""}',
        b'{"query": null}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "operationName": 1}',
        b'{"query": "{ __typename }", "extensions": 1}',
        b'{"query": "{ __typename }", "extensions": "{}"}',
        b'{"query": "{ __typename }", "documentId": 1}',
        b'{"query": "{ __typename }", "documentId": ""}',
        b'{"query": "{ __typename }", "extensions": {"persistedQuery": 1}}',
        b'{"query": "{ __typename }", "extensions": {"persistedQuery": {"version": 2}}}',
        b'{"query": "{ __typename }", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}}',
        b'{"query": "\\ud800"}',
        b'{"query": "\xff"}',
        b"\xef\xbb\xbf" + _TYPENAME,
        b"[" * 2000,
        b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 2000 + b"1" + b"}" * 2001,
    ],
)
async def test_a_malformed_body_is_a_bad_request(edge: Edge, body: bytes) -> None:
    answer = await _post(edge, body)
    assert (answer.status_code, _code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("body", [b"[]", b"[" + _TYPENAME + b"]", b"[1]"])
async def test_a_batch_is_refused(edge: Edge, body: bytes) -> None:
    answer = await _post(edge, body, accept_language="es")
    assert (answer.status_code, _code(answer)) == (400, "BATCHING_NOT_SUPPORTED")
    assert "lista" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"query": "{ __typename }", "operationName": null, "variables": null, "extensions": null}',
        b'{"query": "{ __typename }", "operationName": ""}',
        b'{"query": "{ __typename }", "extensions": {"anything": 1}, "unknown": [1], "documentId": null}',
        b'{"query": "{ a: __typename }", "query": "{ __typename }"}',
    ],
)
async def test_what_is_empty_or_not_known_is_no_matter(edge: Edge, body: bytes) -> None:
    assert (await _post(edge, body)).json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("APPLICATION/JSON; Charset=UTF-8", 200),
        ('application/json; charset="utf-8"', 200),
        ("application/json; foo=bar", 200),
        ("application/json; charset=utf-16", 415),
        ("application/json; charset=latin1", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/plain", 415),
        ("application/graphql", 415),
        ("application/jsonx", 415),
        ("", 415),
    ],
)
async def test_a_body_is_json_in_utf8(edge: Edge, content_type: str, status: int) -> None:
    answer = await _post(edge, _TYPENAME, content_type=content_type)
    assert answer.status_code == status
    if status == 415:
        assert _code(answer) == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "QUERY"])
async def test_other_methods_are_refused(edge: Edge, method: str) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.request(method, edge.url)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST, OPTIONS")


async def test_get_runs_queries_and_refuses_mutations_and_subscriptions(edge: Edge) -> None:
    answer = await _get(edge, "query=query+null{__typename}&operationName=null&variables=&extensions=&unknown=1")
    assert answer.json()["data"] == {"__typename": "Query"}
    refused = await _get(edge, 'query=mutation{logout(input:{refreshToken:"x"}){__typename}}')
    assert (refused.status_code, refused.headers["allow"], _code(refused)) == (405, "POST", "METHOD_NOT_ALLOWED")
    assert _code(await _get(edge, "query=subscription{vehiclePositions{__typename}}")) == "BAD_REQUEST"


async def test_variables_of_a_get_are_json(edge: Edge) -> None:
    document = "query($yes:Boolean!){__typename a:__typename @include(if:$yes)}".replace(" ", "+")
    assert (await _get(edge, f'query={document}&variables={{"yes":true}}')).json()["data"]["a"] == "Query"
    for bad in ("{", "[]", "1", "%ff", "{}&variables={}"):
        answer = await _get(edge, f"query={document}&variables={bad}")
        assert (answer.status_code, _code(answer)) == (400, "BAD_REQUEST"), bad


@pytest.mark.parametrize(
    "query_string", ["query={__typename}&query={__typename}", "query=%ff", "x=1&" * 50 + "query={__typename}"]
)
async def test_an_address_that_is_ambiguous_or_endless_is_refused(edge: Edge, query_string: str) -> None:
    answer = await _get(edge, query_string)
    assert (answer.status_code, _code(answer)) == (400, "BAD_REQUEST")


async def test_fifty_parameters_are_not_too_many(edge: Edge) -> None:
    assert (await _get(edge, "x=&" * 49 + "query={__typename}")).is_success


@pytest.mark.parametrize("parameter", ["token", "access_token", "authorization", "Authorization", "ACCESS_TOKEN"])
async def test_no_token_comes_in_an_address(edge: Edge, parameter: str) -> None:
    by_get = await _get(edge, f"query={{__typename}}&{parameter}=abc")
    async with httpx.AsyncClient() as client:
        by_post = await client.post(f"{edge.url}?{parameter}=abc", json={"query": "{ __typename }"})
        by_stream = await client.post(
            f"{edge.url}?{parameter}=abc", json={"query": "{ __typename }"}, headers={"accept": "text/event-stream"}
        )
    for answer in (by_get, by_post, by_stream):
        assert (answer.status_code, _code(answer)) == (400, "TOKEN_IN_URL")
        assert "abc" not in answer.text


async def test_no_token_comes_in_the_address_of_a_socket(edge: Edge) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        await connected(f"{edge.address}?token=abc")
    async with connected(f"{edge.address}?anything=abc"):
        pass


@pytest.mark.parametrize("name", ["Authorization", "Content-Type", "Content-Encoding", "Idempotency-Key", "Origin"])
async def test_a_header_that_may_mean_one_thing_comes_once(edge: Edge, name: str) -> None:
    value = {"Content-Type": "application/json", "Content-Encoding": "identity"}.get(name, "Bearer x")
    twice = [(name, value), (name, value), *([] if name == "Content-Type" else [("Content-Type", "application/json")])]
    async with httpx.AsyncClient() as client:
        answer = await client.post(edge.url, content=_TYPENAME, headers=twice)
    assert (answer.status_code, _code(answer)) == (400, "BAD_REQUEST")
    assert name.lower() in answer.json()["errors"][0]["message"]


async def test_lists_may_come_in_pieces(edge: Edge) -> None:
    headers = [("Accept", "text/html"), ("Accept", RESPONSE), ("Content-Type", "application/json")]
    async with httpx.AsyncClient() as client:
        answer = await client.post(edge.url, content=_TYPENAME, headers=headers)
    assert answer.headers["content-type"].startswith(RESPONSE)


async def test_json_nests_as_deep_as_the_setting_says(settings: Settings, services: Services) -> None:
    def body(depth: int, beside: str = "") -> bytes:
        """depth: levels of the whole, of which the request is one, and its extensions another."""
        deep = "[" * (depth - 2) + "]" * (depth - 2)
        return f'{{"query": "{{ __typename }}", "extensions": {{"x": {deep}{beside}}}}}'.encode()

    async with edge_of(settings.model_copy(update={"max_json_depth": 6}), services) as edge:
        wide = ', "y": [' + "[1, {}]," * 1000 + '"[[[[[[[["]'
        for just in (body(6), body(6, wide)):
            assert (await _post(edge, just)).json()["data"] == {"__typename": "Query"}
        for over in (body(7), body(7, wide), body(900)):
            answer = await _post(edge, over)
            assert (answer.status_code, _code(answer)) == (400, "JSON_TOO_DEEP")
        by_get = "query={__typename}&extensions="
        assert (await _get(edge, by_get + '{"x":' * 6 + "1" + "}" * 6)).is_success
        assert _code(await _get(edge, by_get + '{"x":' * 7 + "1" + "}" * 7)) == "JSON_TOO_DEEP"


async def _written(edge: Edge, *pieces: bytes, head: str = "") -> bytes:
    """What the server answers to a POST that is written by hand, and never finished."""
    place = urlsplit(edge.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{head}\r\n".encode())
    for piece in pieces:
        writer.write(piece)
    try:
        return await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)
    finally:
        writer.close()


@pytest.fixture
async def narrow(settings: Settings, services: Services) -> Any:
    async with edge_of(settings.model_copy(update={"max_body_bytes": 2000}), services) as edge:
        yield edge


async def test_a_body_is_as_long_as_the_setting_says(narrow: Edge) -> None:
    assert (await _post(narrow, _TYPENAME.ljust(2000))).is_success
    answer = await _post(narrow, _TYPENAME.ljust(2001))
    assert (answer.status_code, _code(answer)) == (413, "BODY_TOO_LARGE")


async def test_a_length_that_is_too_much_is_refused_before_the_body_comes(narrow: Edge) -> None:
    assert b"413" in await _written(narrow, head="Content-Length: 2001\r\n")


async def test_an_endless_body_is_refused_where_it_becomes_too_long(narrow: Edge) -> None:
    chunk = b"3e8\r\n" + b" " * 1000 + b"\r\n"
    assert b"413" in await _written(narrow, chunk, chunk, b"1\r\n \r\n", head="Transfer-Encoding: chunked\r\n")


async def test_chunks_that_are_short_enough_are_read(narrow: Edge) -> None:
    async def chunks() -> Any:
        yield _TYPENAME
        yield b" " * (2000 - len(_TYPENAME))

    async with httpx.AsyncClient() as client:
        answer = await client.post(narrow.url, content=chunks(), headers={"content-type": "application/json"})
    assert answer.json()["data"] == {"__typename": "Query"}
