"""/metrics: what operators see of the operations, and who may look."""

import asyncio
import re
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families

from fleet_api.graphql.seen.families import FAMILIES
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.graphql.seen.conftest import INVITE, KARI, Served, served_by
from tests.support.sockets import connected, opened, receive, send
from tests.support.world import World

_VEHICLES = "query FleetMap { vehicles(first: 1) { totalCount } }"
_DOCUMENT = Path(__file__).parents[3] / "docs" / "observing.md"


async def test_an_operation_is_counted_by_name_type_and_outcome(served: Served, world: World) -> None:
    north = await world.provider()
    asked = served.api.as_role(Role.DISPATCHER, north.id)
    for _ in range(3):
        await asked.data(_VEHICLES)

    about = {"name": "FleetMap", "type": "query"}
    assert await served.value("fleet_operations_total", outcome="ok", **about) == 3
    assert await served.value("fleet_operation_duration_seconds_count", **about) == 3
    assert await served.value("fleet_operation_duration_seconds_bucket", le="+Inf", **about) == 3
    assert 0 < await served.value("fleet_operation_duration_seconds_sum", **about) < 10
    assert await served.value("fleet_operation_statements_sum", **about) >= 3
    assert await served.value("fleet_http_requests_total", protocol="http", status="200") >= 3


async def test_a_refusal_is_counted_whether_it_is_an_error_or_a_value(served: Served, world: World) -> None:
    north = await world.provider()
    asked = served.api.as_role(Role.AUDITOR, north.id)
    await asked.data(INVITE, {"i": KARI})
    await served.api.execute("query Whose { vehicles(first: 1) { totalCount } }")

    assert await served.value("fleet_operations_total", name="Invite", type="mutation", outcome="forbidden") == 1
    assert await served.value("fleet_operations_total", name="Whose", type="query", outcome="forbidden") == 1
    assert await served.value("fleet_refused_total", code="FORBIDDEN") == 1
    assert await served.value("fleet_refused_total", code="UNAUTHENTICATED") == 1


async def test_what_comes_to_no_operation_is_counted_too(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert (await served.api.with_token("no token of ours").execute("{ __typename }")).codes == ["INVALID_TOKEN"]
    assert await served.value("fleet_refused_total", code="INVALID_TOKEN") == 1
    assert await served.value("fleet_http_requests_total", protocol="http", status="401") == 1
    assert '"codes":["INVALID_TOKEN"]' in capsys.readouterr().err
    async with connected(served.address) as socket:
        await socket.send("nothing")
        await socket.wait_closed()
    assert await served.value("fleet_sockets_closed_total", code="4400") == 1


async def test_names_of_what_is_no_operation_are_not_kept(served: Served) -> None:
    for document in ("query Broken {", "query Unknown { nothingOfOurs }"):
        await served.api.execute(document)
    shown = (await served.metrics()).text
    assert "Broken" not in shown
    assert "Unknown" not in shown
    assert await served.value("fleet_operations_total", name="other", type="unknown", outcome="invalid") == 2


async def test_a_stranger_cannot_fill_it_with_names(served: Served, world: World) -> None:
    north = await world.provider()
    for number in range(60):
        await served.api.execute(f"query Stranger{number} {{ __typename }}")
    await served.api.as_role(Role.DISPATCHER, north.id).execute(_VEHICLES)
    shown = (await served.metrics()).text
    assert 0 < len(set(re.findall(r"Stranger\d+", shown))) <= 20
    assert await served.value("fleet_operations_total", name="other", type="query", outcome="ok") == 40
    assert await served.value("fleet_operations_total", name="FleetMap", type="query", outcome="ok") == 1


async def test_sockets_subscriptions_and_what_they_are_told(served: Served, world: World) -> None:
    north = await world.provider()
    asked = served.api.as_role(Role.DISPATCHER, north.id)
    async with opened(served.address, asked) as socket:
        document = "subscription Moves { driverStatusChanged { __typename } }"
        await send(socket, type="subscribe", id="1", payload={"query": document})
        await send(socket, type="subscribe", id="2", payload={"query": _VEHICLES})
        assert (await receive(socket))["id"] == "2"
        assert (await receive(socket))["type"] == "complete"
        async with asyncio.timeout(10):
            while not await served.value("fleet_subscriptions_followed", worker="0"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert await served.value("fleet_connections_open", worker="0", transport="ws") == 1
        assert await served.value("fleet_operations_total", name="Moves", type="subscription", outcome="ok") == 1
        assert await served.value("fleet_deliveries_total", transport="ws") >= 1
    async with asyncio.timeout(10):
        while await served.value("fleet_connections_open", worker="0", transport="ws"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert await served.value("fleet_subscriptions_followed", worker="0") == 0


async def test_how_late_events_come(served: Served, world: World) -> None:
    async with asyncio.timeout(10):
        while await served.value("fleet_tail_age_seconds", worker="0") > 0.2:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    north = await world.provider()
    asked = served.api.as_role(Role.DISPATCHER, north.id)
    assert (await asked.data(INVITE, {"i": KARI}))["inviteDriver"]["__typename"] == "Driver"
    async with asyncio.timeout(10):
        while not await served.value("fleet_events_total"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert await served.value("fleet_event_lag_seconds_count") >= 1
    assert 0 < await served.value("fleet_event_lag_seconds_sum") < 10


async def test_the_pools(served: Served, settings: Settings) -> None:
    sizes = [await served.value("fleet_pool_connections_max", worker="0", pool=pool) for pool in ("read", "write")]
    assert sum(sizes) == settings.pool_size
    assert await served.value("fleet_pool_connections_in_use", worker="0", pool="read") == 0
    assert await served.value("fleet_pool_waiting", worker="0", pool="write") == 0


async def test_openmetrics_where_it_is_asked_for(served: Served) -> None:
    await served.api.execute("{ __typename }")
    plain = await served.metrics()
    assert plain.headers["content-type"].startswith("text/plain; version=0.0.4")
    asked = await served.metrics(accept="application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
    assert asked.headers["content-type"].startswith("application/openmetrics-text")
    assert {f.name for f in openmetrics_families(asked.text)} >= {"fleet_operations", "fleet_operation_cost"}


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"x-forwarded-proto": "https"},
        {"forwarded": "for=127.0.0.1"},
        {"via": "1.1 proxy"},
        {"host": "fleet.example.com"},
    ],
    ids=str,
)
async def test_without_a_token_it_is_there_only_for_who_asks_directly(served: Served, headers: dict[str, str]) -> None:
    elsewhere = await served.api.client.get("/nothing-here")
    refused = await served.metrics(**headers)
    assert (refused.status_code, refused.text) == (404, elsewhere.text)
    assert (await served.api.client.post("/metrics", headers=headers)).status_code == 404
    assert (await served.metrics()).status_code == 200


async def test_with_a_token_it_is_there_for_who_shows_it(
    settings: Settings, services: Services, database_url: str
) -> None:
    guarded = settings.model_copy(update={"metrics_token": "collector-0123456789"})
    async with served_by(guarded, services, database_url) as served:
        for given in ("", "Bearer collector-012345678", "Basic collector-0123456789", "Bearer ü"):
            refused = await served.api.client.get("/metrics", headers={"authorization": given.encode()})
            assert refused.status_code == 404
        shown = await served.metrics(authorization="Bearer collector-0123456789", **{"x-forwarded-for": "10.0.0.1"})
        assert shown.status_code == 200


def test_the_document_names_every_metric() -> None:
    named = set(re.findall(r"^\| `(\w+)`", _DOCUMENT.read_text(), re.MULTILINE))
    assert {family.name for family in FAMILIES} <= named
