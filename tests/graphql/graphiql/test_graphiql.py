"""The page in a real browser: it asks its own origin only, and shows the token to queries and to subscriptions."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from fleet_api.demo.demo_ids import provider_id
from fleet_api.graphql.app import make_app
from fleet_api.graphql.graphiql.build import COMMAND, DIST
from fleet_api.settings import Settings
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.graphql.graphiql.conftest import Serve

pytestmark = pytest.mark.skipif(not (DIST / "index.html").is_file(), reason=f"GraphiQL is not built: {COMMAND}")

LOUD = ("error", "warning")
QUERY_EDITOR, HEADERS_EDITOR, RESPONSE = ".graphiql-query-editor", ".graphiql-editor-tool", ".graphiql-response"
POSITIONS = "subscription Positions { vehiclePositions { vehicle { plate } } }"


@pytest.fixture
def token(services: Services) -> str:
    """A dispatcher's of the demo, as it is sent."""
    jwt = services.tokens.issue(
        role=Role.DISPATCHER,
        subject="anna",
        provider_id=provider_id("north"),
        ttl=timedelta(hours=1),
        now=services.now(),
        jti=new_id(),
    )
    return f"Bearer {jwt}"


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
async def visit(browser: Browser, serve: Serve, settings: Settings, demo_url: str) -> AsyncIterator[Visit]:
    app = make_app(settings, demo_url)
    async with serve(app) as origin, await browser.new_page(viewport={"width": 1400, "height": 900}) as page:
        visit = Visit(page, origin)
        page.context.on("request", lambda request: visit.requests.append(request.url))
        page.on("websocket", lambda socket: visit.requests.append(socket.url.replace("ws:", "http:")))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("console", lambda said: visit.complaints.append(said.text) if said.type in LOUD else None)
        await page.goto(f"{origin}/graphiql")
        await expect(page.locator(QUERY_EDITOR)).to_contain_text("FleetNow")
        await expect(page.get_by_label("Show Documentation Explorer")).to_be_visible()
        yield visit


async def test_default_query_runs_with_the_token_of_the_headers_editor(visit: Visit, token: str) -> None:
    await visit.write(HEADERS_EDITOR, json.dumps({"authorization": token}))
    await visit.execute()

    await visit.expect_response('"totalCount": 170')
    await visit.expect_response('"currentVehicle"')


async def test_untouched_placeholder_is_no_credential(visit: Visit) -> None:
    await expect(visit.page.locator(HEADERS_EDITOR).locator("visible=true")).to_contain_text('"Authorization"')
    await visit.execute()

    await visit.expect_response("UNAUTHENTICATED")


async def test_subscription_shows_an_event_and_its_socket_bears_the_token(visit: Visit, token: str) -> None:
    await visit.write(HEADERS_EDITOR, json.dumps({"authorization": token}))
    await visit.write_query("Positions", POSITIONS)
    await visit.execute()

    await visit.expect_response('"plate"')


async def test_everything_comes_from_its_own_origin_and_nothing_complains(visit: Visit, token: str) -> None:
    await visit.write(HEADERS_EDITOR, json.dumps({"Authorization": token}))
    await visit.page.get_by_label("Show GraphiQL Explorer").click()
    await expect(visit.page.locator(".docExplorerWrap")).to_contain_text("drivers")
    # Underlined by the schema's worker, which a policy too strict would keep from running.
    await visit.write_query("Wrong", "query Wrong { noSuchField }")
    await expect(visit.page.locator(f"{QUERY_EDITOR} .squiggly-error")).to_be_visible()
    await visit.write_query("Positions", POSITIONS)
    await visit.execute()
    await visit.expect_response('"plate"')

    elsewhere = [url for url in visit.requests if not url.startswith((f"{visit.origin}/", "data:", "blob:"))]
    assert elsewhere == []
    assert visit.complaints == []
    # The ear was open: it heard the introspection and the socket.
    assert visit.requests.count(f"{visit.origin}/graphql") >= 2


async def test_token_is_never_stored(visit: Visit, token: str) -> None:
    await visit.write(HEADERS_EDITOR, json.dumps({"Authorization": token}))
    await visit.execute()
    await visit.expect_response('"totalCount": 170')
    await visit.write_query("Later", "query Later { me { id } }")

    async with asyncio.timeout(10):
        # Edits are stored after a pause; the later one must have arrived.
        while "query Later" not in (stored := await visit.page.evaluate("JSON.stringify(localStorage)")):  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    assert token not in stored
    await visit.page.reload()
    await expect(visit.page.locator(QUERY_EDITOR)).to_contain_text("Later")
    await expect(visit.page.locator(HEADERS_EDITOR).locator("visible=true")).to_contain_text('"Authorization"')
