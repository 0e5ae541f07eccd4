"""GraphiQL, from the files that build.py made: no other host is ever asked for anything."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

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
_NOBODY = '<meta name="fleet-demo" content="">'
"""What index.html says: that there is nobody to sign in as."""


class GraphiqlPage:
    """The page, at whatever address it is mounted on the first level: its own addresses are relative to that.

    visitors: the demo's providers, as whose people the page offers to sign in; none outside the demo.
    dist: is looked at per request, so that a later build is seen.
    """

    def __init__(self, visitors: tuple[str, ...] = (), dist: Path = DIST) -> None:
        self._visitors = visitors
        self._dist = dist

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._response()(scope, receive, send)

    def _response(self) -> Response:
        # At /graphql what is answered depends on what is accepted.
        headers = {**SECURITY_HEADERS, "Vary": "Accept"}
        try:
            index = (self._dist / "index.html").read_text()
        except OSError:
            return PlainTextResponse(NOT_BUILT, 503, headers)
        page = index.replace(_NOBODY, _NOBODY.replace('""', f'"{" ".join(self._visitors)}"'))
        return HTMLResponse(page, headers={**headers, "Cache-Control": "no-cache"})

    def routes(self, sign_in: Callable[[Request], Awaitable[Response]] | None = None) -> list[BaseRoute]:
        """/graphiql, its files below, and the demo's role switch where there is one."""

        async def page(_: Request) -> Response:
            return self._response()

        async def to_page(_: Request) -> Response:
            return RedirectResponse("graphiql")

        async def without_slash(_: Request) -> Response:
            return RedirectResponse("../graphiql")

        return [
            Route("/", to_page),
            Route("/graphiql", page),
            Route("/graphiql/", without_slash),
            *([Route("/graphiql/sign-in", sign_in, methods=["POST"])] if sign_in else []),
            Mount("/graphiql", PageFiles(directory=self._dist / "graphiql", check_dir=False)),
        ]


class PageFiles(StaticFiles):
    """Scripts, styles and fonts, whose names carry a hash of their content: a browser may keep them for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers.update({**SECURITY_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"})
        return response

    async def check_config(self) -> None:
        """A missing folder is no mistake of the set-up but a page that is not built: its files are just not found."""
