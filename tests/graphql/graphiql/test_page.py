"""What the server says about the page's files, and what it says where they were never built."""

import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from fleet_api.graphql.app import make_app
from fleet_api.graphql.graphiql.build import COMMAND, HERE
from fleet_api.graphql.graphiql.page import SECURITY_HEADERS, GraphiqlPage
from fleet_api.settings import Seed, Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.graphql.graphiql.conftest import Serve
from tests.support.api import Api

A_BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A page of two files, as a build leaves them."""
    (tmp_path / "graphiql").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "graphiql" / "index-0a1b2c.js").write_text("export {}")
    return tmp_path


async def get(serve: Serve, dist: Path, path: str) -> httpx.Response:
    async with (
        serve(Starlette(routes=GraphiqlPage(dist=dist).routes())) as origin,
        httpx.AsyncClient(base_url=origin) as client,
    ):
        return await client.get(path)


async def test_page_is_asked_for_anew_and_its_files_are_kept(serve: Serve, dist: Path) -> None:
    page = await get(serve, dist, "/graphiql")
    script = await get(serve, dist, "/graphiql/index-0a1b2c.js")

    assert (page.status_code, page.headers["cache-control"]) == (200, "no-cache")
    assert page.headers["content-type"].startswith("text/html")
    assert (script.status_code, script.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert script.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["/graphiql", "/graphiql/index-0a1b2c.js"])
async def test_security_headers_are_on_everything(serve: Serve, dist: Path, path: str) -> None:
    response = await get(serve, dist, path)

    assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    # The server's, of whatever it says.
    assert response.headers["x-content-type-options"] == "nosniff"
    policy = response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    # Scripts come from files of this origin; no host is named, and nothing is made code from text.
    assert re.search(r"script-src ([^;]+)", policy)[1] == "'self'"  # type: ignore[index]
    assert "http" not in policy
    assert "*" not in policy


@pytest.mark.parametrize("path", ["/graphiql/gone.js", "/graphiql/..%2findex.html", "/graphiql/%2e%2e/index.html"])
async def test_nothing_else_is_served(serve: Serve, dist: Path, path: str) -> None:
    assert (await get(serve, dist, path)).status_code == 404


async def test_slash_leads_to_the_page(serve: Serve, dist: Path) -> None:
    response = await get(serve, dist, "/graphiql/")

    assert (response.status_code, response.headers["location"]) == (307, "../graphiql")


async def test_page_that_was_never_built_says_how_to_build_it(serve: Serve, tmp_path: Path) -> None:
    page = await get(serve, tmp_path / "never", "/graphiql")
    script = await get(serve, tmp_path / "never", "/graphiql/index-0a1b2c.js")

    assert (page.status_code, script.status_code) == (503, 404)
    assert COMMAND in page.text
    assert page.headers["content-type"].startswith("text/plain")


async def test_a_browser_at_the_api_sees_the_page(demo_app: Starlette, services: Services) -> None:
    async with Api.serving(demo_app, services) as api:
        page = await api.client.get("/graphiql")
        seen = await api.client.get("/graphql", headers=A_BROWSER)
        asked = await api.client.get("/graphql", params={"query": "{ __typename }"}, headers=A_BROWSER)
        first = await api.client.get("/")

    assert (seen.status_code, seen.text) == (page.status_code, page.text)
    assert "accept" in seen.headers["vary"].lower()
    assert {name: seen.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert not asked.headers["content-type"].startswith("text/html")
    assert (first.status_code, first.headers["location"]) == (307, "graphiql")


@pytest.mark.parametrize("path", ["/", "/graphiql", "/graphiql/", "/graphiql/index-0a1b2c.js"])
async def test_page_that_is_off_is_nowhere(settings: Settings, services: Services, demo_url: str, path: str) -> None:
    async with Api.serving(make_app(settings, demo_url), services) as api:
        assert (await api.client.get(path, headers=A_BROWSER)).status_code == 404

        at_the_api = await api.client.get("/graphql", headers=A_BROWSER)

    assert at_the_api.status_code in {400, 406}
    assert "json" in at_the_api.headers["content-type"]
    assert at_the_api.json()["errors"]


@pytest.mark.parametrize(
    ("seed", "database_url", "graphiql", "served"),
    [
        (Seed.DEMO, None, None, True),
        (Seed.DEMO, None, False, False),
        (Seed.NONE, None, None, False),
        (Seed.DEMO, "postgresql://fleet@127.0.0.1/fleet", None, False),
        (Seed.DEMO, "postgresql://fleet@127.0.0.1/fleet", True, True),
    ],
)
def test_it_is_served_in_the_demo_or_where_a_setting_says_so(
    seed: Seed, database_url: str | None, graphiql: bool | None, served: bool
) -> None:
    assert Settings(seed=seed, database_url=database_url, graphiql=graphiql).serves_graphiql is served


async def test_the_page_knows_whose_people_there_are(serve: Serve, dist: Path) -> None:
    (dist / "index.html").write_text((HERE / "index.html").read_text())
    page = GraphiqlPage(("north", "harbor"), dist)
    async with serve(Starlette(routes=page.routes())) as origin, httpx.AsyncClient(base_url=origin) as client:
        demo = (await client.get("/graphiql")).text

    assert '<meta name="fleet-demo" content="north harbor">' in demo
    assert '<meta name="fleet-demo" content="">' in (await get(serve, dist, "/graphiql")).text
