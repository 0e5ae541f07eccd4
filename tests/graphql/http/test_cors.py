"""Which pages a browser lets ask, and read what is answered."""

from collections.abc import AsyncIterator

import httpx
import pytest

from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.transport import Edge, edge_of, token_of

_APP = "https://app.example.com"
_QUERY = {"query": "{ __typename }"}


@pytest.fixture(scope="module")
async def shared(settings: Settings, services: Services) -> AsyncIterator[Edge]:
    async with edge_of(
        settings.model_copy(update={"allowed_origins": f"{_APP}, http://localhost:3000"}), services
    ) as e:
        yield e


async def _ask(edge: Edge, method: str = "POST", json: object = None, **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    url = f"{edge.url}?query={{__typename}}" if method == "GET" else edge.url
    async with httpx.AsyncClient() as client:
        return await client.request(method, url, json=json, headers=sent)


async def _preflight(edge: Edge, origin: str) -> httpx.Response:
    asked = "authorization,content-type,idempotency-key,x-request-id"
    return await _ask(
        edge, "OPTIONS", origin=origin, access_control_request_method="POST", access_control_request_headers=asked
    )


@pytest.mark.parametrize("origin", [_APP, "http://localhost:3000"])
async def test_a_listed_page_may_send_what_it_needs(shared: Edge, origin: str) -> None:
    answer = await _preflight(shared, origin)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == origin
    assert {"GET", "POST"} <= set(answer.headers["access-control-allow-methods"].split(", "))
    allowed = {name.lower() for name in answer.headers["access-control-allow-headers"].split(", ")}
    assert {"authorization", "content-type", "idempotency-key", "x-request-id"} <= allowed
    assert int(answer.headers["access-control-max-age"]) > 0
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"{_APP}.evil.example", "http://app.example.com", ""]
)
async def test_any_other_page_may_send_nothing(shared: Edge, origin: str) -> None:
    answer = await _preflight(shared, origin)
    assert answer.status_code == 204
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_by_default_no_page_is_listed(edge: Edge) -> None:
    answer = await _preflight(edge, _APP)
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("body", [_QUERY, {"query": "{"}, []])
async def test_a_listed_page_may_read_answers_and_refusals(shared: Edge, body: object) -> None:
    answer = await _ask(shared, json=body, origin=_APP)
    assert answer.headers["access-control-allow-origin"] == _APP
    assert answer.headers["access-control-expose-headers"] == "X-Request-Id, Retry-After"
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-origin" not in (await _ask(shared, json=body, origin="https://evil.example")).headers


async def test_who_is_no_page_gets_no_such_headers(shared: Edge) -> None:
    answer = await _ask(shared, json=_QUERY)
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_a_listed_page_may_read_streams(shared: Edge, services: Services) -> None:
    answer = await _ask(shared, json=_QUERY, origin=_APP, accept="text/event-stream", authorization=_bearer(services))
    assert b"event: next" in answer.content
    assert answer.headers["access-control-allow-origin"] == _APP


def _bearer(services: Services) -> str:
    return f"Bearer {token_of(services)}"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://evil.example", "sec_fetch_site": "same-origin", "accept": "text/event-stream"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
async def test_a_foreign_page_gets_nothing_by_address(shared: Edge, headers: dict[str, str]) -> None:
    answer = await _ask(shared, "GET", **headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (403, "ORIGIN_NOT_ALLOWED")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": _APP, "sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
    ],
)
async def test_our_own_and_listed_pages_may_get(shared: Edge, headers: dict[str, str]) -> None:
    assert (await _ask(shared, "GET", **headers)).json()["data"] == {"__typename": "Query"}


async def test_our_own_page_may_get_by_its_origin(shared: Edge) -> None:
    assert (await _ask(shared, "GET", origin=f"http://{shared.place}")).is_success


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_what_a_form_can_send_is_refused(shared: Edge, content_type: str) -> None:
    answer = await _ask(shared, json=_QUERY, content_type=content_type, origin="https://evil.example")
    assert answer.status_code == 415
