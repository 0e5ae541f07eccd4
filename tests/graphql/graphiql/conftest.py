"""A real server on 127.0.0.1, and a real Chromium that can reach nothing else."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright
from starlette.applications import Starlette

from fleet_api.demo.visitors import DemoVisitors
from fleet_api.graphql.app import make_app
from fleet_api.settings import Seed, Settings
from tests.graphql.graphiql.visit import DESKTOP, Visit
from tests.support.server import serving

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever asked for another host would fail, and show as an error on the console.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

Serve = Callable[[Starlette], AbstractAsyncContextManager[str]]


@pytest.fixture
def demo_app(settings: Settings, demo_url: str) -> Starlette:
    """As `make run` serves it."""
    ours = Settings(data_dir=settings.data_dir, database_url=None, seed=Seed.DEMO, graphiql=None)
    return make_app(ours, demo_url, DemoVisitors())


@pytest.fixture
def real_app(settings: Settings, demo_url: str) -> Starlette:
    """With the page, and with nobody to sign in as."""
    return make_app(settings.model_copy(update={"graphiql": True}), demo_url)


@pytest.fixture(scope="session")
def serve(settings: Settings) -> Serve:
    """`async with serve(app) as origin`: the application on a free port, until the block ends."""

    @asynccontextmanager
    async def served(app: Starlette) -> AsyncIterator[str]:
        async with serving(app, settings) as place:
            yield f"http://{place}"

    return served


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine (Debian: apt install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def demo(browser: Browser, serve: Serve, demo_app: Starlette) -> AsyncIterator[Visit]:
    async with serve(demo_app) as origin, await browser.new_page(viewport=DESKTOP) as page:
        yield await Visit.of(page, origin)


@pytest.fixture
async def real(browser: Browser, serve: Serve, real_app: Starlette) -> AsyncIterator[Visit]:
    """Outside the demo."""
    async with serve(real_app) as origin, await browser.new_page(viewport=DESKTOP) as page:
        yield await Visit.of(page, origin)
