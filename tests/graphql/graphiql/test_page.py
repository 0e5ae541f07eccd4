"""What the server says about the page's files, and what it says where they were never built."""

import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from fleet_api.graphql.graphiql.build import COMMAND
from fleet_api.graphql.graphiql.page import SECURITY_HEADERS, graphiql_routes
from tests.graphql.graphiql.conftest import Serve


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A page of two files, as a build leaves them."""
    (tmp_path / "graphiql").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "graphiql" / "index-0a1b2c.js").write_text("export {}")
    return tmp_path


async def get(serve: Serve, dist: Path, path: str) -> httpx.Response:
    async with serve(Starlette(routes=graphiql_routes(dist))) as origin, httpx.AsyncClient(base_url=origin) as client:
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
