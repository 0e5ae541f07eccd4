"""GraphiQL at /graphiql, from the files that build.py made: no other host is ever asked for anything."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from fleet_api.graphql.graphiql.build import COMMAND, DIST, NEEDS

SECURITY_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "worker-src 'self'",
            "connect-src 'self'",
            "font-src 'self' data:",
            "img-src 'self' data:",
            # The code editor writes its colours into <style> elements and style attributes as it runs.
            "style-src 'self' 'unsafe-inline'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
NOT_BUILT = f"""GraphiQL is not built on this server. The API itself answers at /graphql.

To build the page, run: {COMMAND}
It needs {NEEDS}
"""


def graphiql_routes(dist: Path = DIST) -> list[BaseRoute]:
    """The page at /graphiql and its files below; `dist` is looked at per request, so a later build is seen."""

    async def page(request: Request) -> Response:
        index = dist / "index.html"
        if not index.is_file():
            return PlainTextResponse(NOT_BUILT, 503, SECURITY_HEADERS)
        return FileResponse(index, headers={**SECURITY_HEADERS, "Cache-Control": "no-cache"})

    async def without_slash(request: Request) -> Response:
        return RedirectResponse("../graphiql")

    return [
        Route("/graphiql", page),
        Route("/graphiql/", without_slash),
        Mount("/graphiql", PageFiles(directory=dist / "graphiql", check_dir=False)),
    ]


class PageFiles(StaticFiles):
    """Scripts, styles and fonts, whose names carry a hash of their content: a browser may keep them for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update({**SECURITY_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"})
        return response

    async def check_config(self) -> None:
        """A missing folder is no mistake of the set-up but a page that is not built: its files are just not found."""
