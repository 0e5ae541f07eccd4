"""The page in a real browser: what it shows, and that it asks its own origin only."""

import json
import re
from typing import Literal

import pytest
from playwright.async_api import Browser, ViewportSize, expect
from starlette.applications import Starlette

from fleet_api.demo.demo_ids import driver_id
from fleet_api.graphql.graphiql.build import HERE
from tests.graphql.graphiql.conftest import Serve
from tests.graphql.graphiql.visit import DESKTOP, PHONE, QUERY, RESPONSE, VARIABLES, Visit, needs_the_page
from tests.support.api import global_id

pytestmark = needs_the_page

DRIVER = global_id("Driver", driver_id("north", 1))


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
        await page.get_by_title("Signed in as").click()
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
