"""Who the page asks as, in a real browser, and that it writes no token down."""

import json
import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from fleet_api.demo.demo_ids import provider_id
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.graphql.graphiql.visit import PHONE, QUERY, VARIABLES, Visit, needs_the_page

pytestmark = needs_the_page

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


async def test_on_a_phone_the_hint_leads_to_the_form(real: Visit, token: str) -> None:
    """There the panel with the hint covers the header with who is signed in."""
    await real.page.set_viewport_size(PHONE)
    await real.page.get_by_label("Show Documentation Explorer").click()
    await real.page.get_by_label("Sign in to see the schema").get_by_role("button").click()
    await real.page.get_by_label("Token").fill(token)
    await real.page.get_by_role("button", name="Use it").click()

    await expect(real.page.locator(".graphiql-doc-explorer")).to_contain_text("Subscription")
