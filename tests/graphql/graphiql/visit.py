"""A visit to the page: what a person does there, and what the page asked for and complained of meanwhile."""

import asyncio
import json
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Page, ViewportSize, expect

from fleet_api.graphql.graphiql.build import COMMAND, DIST

needs_the_page = pytest.mark.skipif(not (DIST / "index.html").is_file(), reason=f"GraphiQL is not built: {COMMAND}")

LOUD = ("error", "warning")
QUERY, VARIABLES, RESPONSE = ".graphiql-query-editor", ".graphiql-editor-tool", ".graphiql-response"
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


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
        await self.page.get_by_title("Signed in as").click()
        await self.page.get_by_role("button", name=who, exact=True).click()

    async def present(self, token: str) -> None:
        await self.page.get_by_title("Signed in as").click()
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
        await expect(self.page.get_by_title("Signed in as")).to_have_text(who)

    def expect_no_word_from_elsewhere(self) -> None:
        elsewhere = [url for url in self.requests if not url.startswith((f"{self.origin}/", "data:", "blob:"))]
        assert elsewhere == []
        assert self.complaints == []
        # The ear was open: it heard the introspection.
        assert f"{self.origin}/graphql" in self.requests
