"""The page in a real browser: it asks its own origin only, and shows the token to queries and to subscriptions."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

import pytest
import strawberry
from playwright.async_api import Browser, Page, expect
from starlette.routing import BaseRoute, Route, WebSocketRoute
from strawberry.asgi import GraphQL
from strawberry.types import Info

from fleet_api.graphql.graphiql.build import COMMAND, DIST
from fleet_api.graphql.graphiql.page import graphiql_routes

pytestmark = pytest.mark.skipif(not (DIST / "index.html").is_file(), reason=f"GraphiQL is not built: {COMMAND}")

TOKEN = "Bearer of-the-test"
LOUD = ("error", "warning")
QUERY_EDITOR, HEADERS_EDITOR, RESPONSE = ".graphiql-query-editor", ".graphiql-editor-tool", ".graphiql-response"

Serve = Callable[[list[BaseRoute]], AbstractAsyncContextManager[str]]
FleetInfo = Info[dict[str, Any], None]


# A fleet just big enough for the page's default query. It repeats the credentials that it was shown.


@strawberry.type
class Telemetry:
    recorded_at: str = "2025-01-01T08:00:00Z"
    state_of_charge_pct: float = 81.5
    speed_kph: float = 42.0


@strawberry.type
class Vehicle:
    plate: str = "1234 BCD"
    latest_telemetry: Telemetry = strawberry.field(default_factory=Telemetry)


@strawberry.type
class Driver:
    full_name: str
    status: str = "ACTIVE"
    current_vehicle: Vehicle = strawberry.field(default_factory=Vehicle)


@strawberry.type
class DriverEdge:
    node: Driver


@strawberry.type
class Drivers:
    total_count: int
    edges: list[DriverEdge]


@strawberry.type
class Viewer:
    id: strawberry.ID


@strawberry.type
class Query:
    @strawberry.field
    def me(self) -> Viewer:
        return Viewer(id=strawberry.ID("1"))

    @strawberry.field
    def drivers(self, info: FleetInfo, first: int) -> Drivers:
        shown = info.context["request"].headers.get("authorization", "nothing")
        return Drivers(total_count=first, edges=[DriverEdge(node=Driver(full_name=f"Ada was shown {shown}"))])


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def alarms(self, info: FleetInfo) -> AsyncIterator[str]:
        yield f"Battery low, was shown {json.dumps(info.context['connection_params'])}"


@dataclass(slots=True)
class Visit:
    """An open page, and what it asked for and complained of since."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def write(self, editor: str, text: str) -> None:
        await self.page.locator(f"{editor} .monaco-editor").locator("visible=true").click()
        await self.page.keyboard.press("ControlOrMeta+A")
        await self.page.keyboard.press("Delete")
        await self.page.keyboard.insert_text(text)

    async def write_query(self, name: str, text: str) -> None:
        await self.write(QUERY_EDITOR, text)
        # The page reads what was typed after a pause, and then names the tab after it.
        await expect(self.page.locator(".graphiql-tab")).to_contain_text(name)

    async def execute(self) -> None:
        await self.page.locator(".graphiql-execute-button").click()

    async def expect_response(self, text: str) -> None:
        await expect(self.page.locator(RESPONSE)).to_contain_text(text)


@pytest.fixture
async def visit(browser: Browser, serve: Serve) -> AsyncIterator[Visit]:
    app = GraphQL[dict[str, Any], None](strawberry.Schema(Query, subscription=Subscription), graphql_ide=None)
    routes = [*graphiql_routes(), Route("/graphql", app), WebSocketRoute("/graphql", app)]
    async with serve(routes) as origin, await browser.new_page(viewport={"width": 1400, "height": 900}) as page:
        visit = Visit(page, origin)
        page.context.on("request", lambda request: visit.requests.append(request.url))
        page.on("websocket", lambda socket: visit.requests.append(socket.url.replace("ws:", "http:")))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("console", lambda said: visit.complaints.append(said.text) if said.type in LOUD else None)
        await page.goto(f"{origin}/graphiql")
        await expect(page.locator(QUERY_EDITOR)).to_contain_text("FleetNow")
        await expect(page.get_by_label("Show Documentation Explorer")).to_be_visible()
        yield visit


async def test_default_query_runs_with_the_token_of_the_headers_editor(visit: Visit) -> None:
    await visit.write(HEADERS_EDITOR, json.dumps({"authorization": TOKEN}))
    await visit.execute()

    await visit.expect_response(f"Ada was shown {TOKEN}")


async def test_untouched_placeholder_is_no_credential(visit: Visit) -> None:
    await expect(visit.page.locator(HEADERS_EDITOR).locator("visible=true")).to_contain_text('"Authorization"')
    await visit.execute()

    await visit.expect_response("Ada was shown nothing")


async def test_subscription_shows_an_event_and_its_socket_bears_the_token(visit: Visit) -> None:
    await visit.write(HEADERS_EDITOR, json.dumps({"authorization": TOKEN}))
    await visit.write_query("Alarms", "subscription Alarms { alarms }")
    await visit.execute()

    await visit.expect_response("Battery low")
    await visit.expect_response('{\\"Authorization\\": \\"Bearer of-the-test\\"}')


async def test_everything_comes_from_its_own_origin_and_nothing_complains(visit: Visit) -> None:
    await visit.page.get_by_label("Show GraphiQL Explorer").click()
    await expect(visit.page.locator(".docExplorerWrap")).to_contain_text("drivers")
    # Underlined by the schema's worker, which a policy too strict would keep from running.
    await visit.write_query("Wrong", "query Wrong { noSuchField }")
    await expect(visit.page.locator(f"{QUERY_EDITOR} .squiggly-error")).to_be_visible()
    await visit.write_query("Alarms", "subscription Alarms { alarms }")
    await visit.execute()
    await visit.expect_response("Battery low")

    elsewhere = [url for url in visit.requests if not url.startswith((f"{visit.origin}/", "data:", "blob:"))]
    assert elsewhere == []
    assert visit.complaints == []
    # The ear was open: it heard the introspection and the socket.
    assert visit.requests.count(f"{visit.origin}/graphql") >= 2


async def test_token_is_never_stored(visit: Visit) -> None:
    await visit.write(HEADERS_EDITOR, json.dumps({"Authorization": TOKEN}))
    await visit.execute()
    await visit.expect_response("Ada was shown")
    await visit.write_query("Later", "query Later { me { id } }")

    async with asyncio.timeout(10):
        # Edits are stored after a pause; the later one must have arrived.
        while "query Later" not in (stored := await visit.page.evaluate("JSON.stringify(localStorage)")):  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    assert TOKEN not in stored
    await visit.page.reload()
    await expect(visit.page.locator(QUERY_EDITOR)).to_contain_text("Later")
    await expect(visit.page.locator(HEADERS_EDITOR).locator("visible=true")).to_contain_text('"Authorization"')
