"""The page in a real browser: it asks its own origin only, knows who asks, and writes no token down."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect
from starlette.applications import Starlette

from fleet_api.demo.demo_ids import driver_id, provider_id
from fleet_api.graphql.graphiql.build import COMMAND, DIST, HERE
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.graphql.graphiql.conftest import Serve
from tests.support.api import global_id

pytestmark = pytest.mark.skipif(not (DIST / "index.html").is_file(), reason=f"GraphiQL is not built: {COMMAND}")

LOUD = ("error", "warning")
QUERY, VARIABLES, RESPONSE = ".graphiql-query-editor", ".graphiql-editor-tool", ".graphiql-response"
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
DRIVER = global_id("Driver", driver_id("north", 1))
TOKEN = re.compile(r"eyJ[\w-]+\.")


@pytest.fixture
def token(services: Services) -> str:
    """Somebody's own: a role that the page does not sign in as by itself."""
    return services.tokens.issue(
        role=Role.FINANCE,
        subject="anna",
        provider_id=provider_id("north"),
        ttl=timedelta(hours=1),
        now=services.now(),
        jti=new_id(),
    )


@dataclass(slots=True)
class Visit:
    """An open page, and what it asked for and complained of since."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    async def of(cls, page: Page, origin: str, path: str = "/graphiql") -> "Visit":
        visit = cls(page, origin)
        page.context.on("request", lambda request: visit.requests.append(request.url))
        page.on("websocket", lambda socket: visit.requests.append(socket.url.replace("ws:", "http:")))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("console", lambda said: visit.complaints.append(said.text) if said.type in LOUD else None)
        await page.goto(origin + path)
        await expect(page.locator(QUERY)).to_contain_text("WhoDrivesWhat")
        return visit

    async def write(self, editor: str, text: str) -> None:
        await self.page.locator(f"{editor} .monaco-editor").locator("visible=true").click()
        await self.page.keyboard.press("ControlOrMeta+A")
        await self.page.keyboard.press("Delete")
        await self.page.keyboard.insert_text(text)

    async def write_query(self, name: str, text: str) -> None:
        await self.write(QUERY, text)
        # The page reads what was typed after a pause, and then names the tab after it.
        await self.expect_tab(name)

    async def write_headers(self, headers: dict[str, str]) -> None:
        await self.page.get_by_role("button", name="Headers").click()
        await self.write(VARIABLES, json.dumps(headers))

    async def open_example(self, question: str, name: str) -> None:
        """Its tab is active, and the page has read it."""
        await self.page.get_by_role("button", name=question).click()
        await self.expect_tab(name)
        await expect(self.page.locator(QUERY)).to_contain_text(name)

    async def become(self, who: str) -> None:
        await self.page.get_by_label("Signed in as").click()
        await self.page.get_by_role("button", name=who, exact=True).click()

    async def present(self, token: str) -> None:
        await self.page.get_by_label("Signed in as").click()
        await self.page.get_by_label("Token").fill(token)
        await self.page.get_by_role("button", name="Use it").click()

    async def execute(self) -> None:
        await self.page.locator(".graphiql-execute-button").click()

    async def stored(self) -> str:
        return str(await self.page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])"))

    async def stored_with(self, text: str) -> str:
        """What is stored, once this is part of it: the page writes down after a pause."""
        async with asyncio.timeout(10):
            while text not in (stored := await self.stored()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return stored

    async def expect_tab(self, name: str) -> None:
        await expect(self.page.locator(".graphiql-tab-active")).to_contain_text(name)

    async def expect_response(self, text: str) -> None:
        await expect(self.page.locator(RESPONSE)).to_contain_text(text)

    async def expect_signed_in(self, who: str) -> None:
        await expect(self.page.get_by_label("Signed in as")).to_have_text(who)

    def expect_no_word_from_elsewhere(self) -> None:
        elsewhere = [url for url in self.requests if not url.startswith((f"{self.origin}/", "data:", "blob:"))]
        assert elsewhere == []
        assert self.complaints == []
        # The ear was open: it heard the introspection.
        assert f"{self.origin}/graphql" in self.requests


@pytest.fixture
async def demo(browser: Browser, serve: Serve, demo_app: Starlette) -> AsyncIterator[Visit]:
    async with serve(demo_app) as origin, await browser.new_page(viewport=DESKTOP) as page:
        yield await Visit.of(page, origin)


@pytest.fixture
async def real(browser: Browser, serve: Serve, real_app: Starlette) -> AsyncIterator[Visit]:
    """Outside the demo."""
    async with serve(real_app) as origin, await browser.new_page(viewport=DESKTOP) as page:
        yield await Visit.of(page, origin)


async def test_the_demo_opens_with_a_nested_query_that_answers_at_a_click(demo: Visit) -> None:
    await demo.expect_signed_in("Dispatcher · north")
    await demo.execute()

    await demo.expect_response('"totalCount": 85')
    await demo.expect_response('"currentDriver"')
    demo.expect_no_word_from_elsewhere()


async def test_a_browser_at_the_api_gets_the_same_page(browser: Browser, serve: Serve, demo_app: Starlette) -> None:
    async with serve(demo_app) as origin, await browser.new_page(viewport=DESKTOP) as page:
        visit = await Visit.of(page, origin, "/graphql")
        await visit.execute()

        await visit.expect_response('"totalCount": 85')
        visit.expect_no_word_from_elsewhere()


@pytest.mark.parametrize(("provider", "country"), [("north", "NO"), ("harbor", "ES")])
async def test_a_click_signs_in(demo: Visit, provider: str, country: str) -> None:
    await demo.write_query("Viewer", "query Viewer { viewer { role fleetProvider { countryCode } } }")
    for role in ("Provider admin", "Dispatcher", "Finance", "Auditor", "Driver", "Platform ops"):
        platform = role == "Platform ops"
        await demo.become(role if platform else f"{role} of {provider}")
        await demo.expect_signed_in(role if platform else f"{role} · {provider}")
        await demo.execute()

        await demo.expect_response(f'"role": "{role.upper().replace(" ", "_")}"')
        await demo.expect_response("null" if platform else f'"{country}"')


async def test_who_signed_out_is_nobody_also_after_a_reload(demo: Visit) -> None:
    await demo.become("Sign out")
    await demo.expect_signed_in("Sign in")
    await demo.page.reload()
    await demo.execute()

    await demo.expect_response("UNAUTHENTICATED")
    await demo.expect_signed_in("Sign in")


async def test_who_was_signed_in_is_so_after_a_reload(demo: Visit) -> None:
    await demo.become("Auditor of harbor")
    await demo.page.reload()

    await demo.expect_signed_in("Auditor · harbor")


async def test_a_token_is_renewed_before_it_ends(demo: Visit) -> None:
    await demo.expect_signed_in("Dispatcher · north")
    sign_in = f"{demo.origin}/graphiql/sign-in"
    assert demo.requests.count(sign_in) == 1
    await demo.page.evaluate("now => { Date.now = () => now }", (await demo.page.evaluate("Date.now()")) + 3_590_000)
    await demo.execute()

    await demo.expect_response('"totalCount": 85')
    assert demo.requests.count(sign_in) == 2


async def test_an_example_opens_in_a_tab_signed_in_as_who_asks_it(demo: Visit) -> None:
    await demo.open_example("Who held which vehicle, and when?", "WhoHeldWhat")
    await demo.expect_signed_in("Auditor · north")
    await demo.execute()
    await demo.expect_response('"licenceNumber"')

    await expect(demo.page.locator(".graphiql-tab")).to_have_count(2)
    await demo.page.get_by_role("tab", name="WhoDrivesWhat").click()
    await demo.page.get_by_role("button", name="Who held which vehicle, and when?").click()
    await demo.expect_tab("WhoHeldWhat")
    await expect(demo.page.locator(".graphiql-tab")).to_have_count(2)


async def test_every_example_opens_and_the_explorer_understands_it(demo: Visit) -> None:
    examples = [path.read_text() for path in (HERE / "src" / "examples").glob("*.graphql")]
    told = [re.match(r"# \w+: (.+)(?:\n#.*)*\n\w+ (\w+)", example) for example in examples]
    named = {found[2]: found[1] for found in told if found}
    for name, question in named.items():
        await demo.open_example(question, name)
    await expect(demo.page.get_by_role("tab")).to_have_count(len(examples))

    await demo.page.get_by_label("Show GraphiQL Explorer").click()
    for name in named:
        await demo.page.get_by_role("tab", name=name).click()
        await expect(demo.page.locator(".graphiql-operation-title-bar input")).to_have_value(name)
    demo.expect_no_word_from_elsewhere()


async def test_a_mutation_answers_with_a_typed_error(demo: Visit) -> None:
    await demo.open_example("Correct a driver's record", "CorrectDriver")
    # Nobody has changed that record a thousand times.
    await demo.write(VARIABLES, json.dumps({"input": {"driverId": DRIVER, "expectedVersion": 1000}}))
    await demo.execute()

    await demo.expect_response('"code": "STALE_VERSION"')
    demo.expect_no_word_from_elsewhere()


async def test_a_subscription_is_live_and_ends_with_the_role(demo: Visit) -> None:
    await demo.open_example("Where is everybody, live?", "LivePositions")
    await demo.execute()
    await demo.expect_response('"plate"')
    await expect(demo.page.get_by_label("Stop query")).to_be_visible()

    await demo.become("Dispatcher of harbor")

    await expect(demo.page.get_by_label("Execute query")).to_be_visible()
    demo.expect_no_word_from_elsewhere()


async def test_docs_explorer_and_history_are_there(demo: Visit) -> None:
    await demo.page.get_by_label("Show Documentation Explorer").click()
    await expect(demo.page.locator(".graphiql-doc-explorer")).to_contain_text("Subscription")
    await demo.page.get_by_label("Show GraphiQL Explorer").click()
    await expect(demo.page.locator(".docExplorerWrap")).to_contain_text("drivers")
    # Underlined by the schema's worker, which a policy too strict would keep from running.
    await demo.write_query("Wrong", "query Wrong { noSuchField }")
    await expect(demo.page.locator(f"{QUERY} .squiggly-error")).to_be_visible()
    await demo.write_query("Viewer", "query Viewer { viewer { role } }")
    await demo.execute()
    await demo.expect_response("DISPATCHER")
    await demo.page.get_by_label("Show History").click()
    await expect(demo.page.locator(".graphiql-history-items")).to_contain_text("Viewer")
    demo.expect_no_word_from_elsewhere()


async def test_no_token_is_written_down(demo: Visit, token: str) -> None:
    """Not the page's own, nor one that is typed: into headers, variables or the document."""
    await demo.write_headers({"Authorization": f"Bearer {token}"})
    await demo.write_query(
        "Secrets",
        f'query Secrets {{ viewer {{ role }} }} # {token} frt_AbC-9 login(input: {{password: "drive-electric"}})',
    )
    await demo.page.get_by_role("button", name="Variables").click()
    await demo.write(VARIABLES, json.dumps({"token": token, "refreshToken": "frt_AbC-9", "password": "drive-electric"}))
    await demo.execute()
    await demo.expect_response('"role": "FINANCE"')
    await demo.page.get_by_label("Show History").click()
    await demo.page.get_by_label("Add favorite").click()
    await demo.page.get_by_label("New tab").click()
    await demo.write_query("Later", "query Later { viewer { role } }")

    stored = await demo.stored_with("query Later")
    assert "query Secrets" in stored
    assert "graphiql:favorites" in stored
    for secret in (token, token.split(".")[2], "frt_", "drive-electric"):
        assert secret not in stored
    assert not TOKEN.search(stored)
    await demo.page.reload()
    await expect(demo.page.locator(QUERY)).to_contain_text("Later")
    assert not TOKEN.search(await demo.stored())


async def test_outside_the_demo_one_brings_a_token(real: Visit, token: str) -> None:
    await real.expect_signed_in("Sign in")
    await real.execute()
    await real.expect_response("UNAUTHENTICATED")

    await real.present(f"Bearer {token}")
    await real.expect_signed_in("Finance · anna")
    await real.write_query("Viewer", "query Viewer { viewer { role } }")
    await real.execute()
    await real.expect_response('"role": "FINANCE"')

    assert token not in await real.stored_with("query Viewer")
    real.expect_no_word_from_elsewhere()
    await real.page.reload()
    await real.expect_signed_in("Sign in")


async def test_the_headers_editor_goes_before_who_is_signed_in(demo: Visit, token: str) -> None:
    await demo.write_headers({"authorization": f"Bearer {token}", "Accept-Language": "es"})
    await demo.write_query("Viewer", "query Viewer { viewer { role } drivers { edges { cursor } } }")
    await demo.execute()

    await demo.expect_response('"role": "FINANCE"')


async def test_a_closed_schema_asks_to_sign_in_and_then_opens(real: Visit, token: str) -> None:
    hint = real.page.get_by_label("Sign in to see the schema")
    for panel in ("Show Documentation Explorer", "Show GraphiQL Explorer"):
        await real.page.get_by_label(panel).click()
        await expect(hint).to_be_visible()
    await real.present(token)

    await expect(real.page.locator(".docExplorerWrap")).to_contain_text("drivers")
    await expect(hint).to_have_count(0)
    real.expect_no_word_from_elsewhere()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_everything_has_its_place(
    browser: Browser, serve: Serve, demo_app: Starlette, size: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    """Nothing hangs over the edge; a phone's panel makes room for the example that it opened."""
    async with serve(demo_app) as origin, await browser.new_page(viewport=size, color_scheme=scheme) as page:
        visit = await Visit.of(page, origin)
        if size is PHONE:
            await page.get_by_label("Show Examples").click()
        await visit.open_example("Where did a vehicle go?", "WhereItWent")
        await visit.execute()
        await visit.expect_response('"plate"')
        await page.get_by_label("Signed in as").click()
        await expect(page.get_by_role("button", name="Driver of harbor")).to_be_in_viewport(ratio=1)

        for part in (
            ".graphiql-tab-active",
            QUERY,
            RESPONSE,
            ".fleet-account",
            ".graphiql-execute-button",
            ".fleet-menu",
        ):
            await expect(page.locator(part)).to_be_in_viewport(ratio=0.99)
        assert await page.evaluate("[scrollX, scrollY, document.body.scrollWidth]") == [0, 0, size["width"]]
        assert visit.complaints == []
