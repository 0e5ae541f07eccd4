"""POST /graphiql/sign-in: the demo's role switch. Whoever serves real people never has this address."""

from typing import Protocol
from urllib.parse import urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services

_MAX_BYTES = 200


class Visitors(Protocol):
    """Made-up people, whose tokens anybody may have."""

    @property
    def providers(self) -> tuple[str, ...]: ...

    def token(self, services: Services, role: Role, provider: str) -> str: ...


class SignIn:
    """`{"role": "dispatcher", "provider": "north"}` is answered by `{"token": "…"}`."""

    def __init__(self, visitors: Visitors, services: Services) -> None:
        self._visitors = visitors
        self._services = services

    async def answer(self, request: Request) -> Response:
        if not _is_our_page(request):
            return _refused(403, "FORBIDDEN", "Only this origin's own page signs in here.")
        # No page of another origin can send it without asking us first.
        if request.headers.get("content-type") != "application/json":
            return _refused(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json.")
        try:
            asked = orjson.loads(await _body(request))
            role, provider = Role(asked["role"]), asked["provider"]
            if provider not in self._visitors.providers:
                raise ValueError(provider)
        except (ValueError, TypeError, KeyError):
            providers = " or ".join(self._visitors.providers)
            return _refused(400, "BAD_REQUEST", f"Name a role, and a provider: {providers}.")
        token = self._visitors.token(self._services, role, provider)
        return JSONResponse({"token": token}, headers={"Cache-Control": "no-store"})


def _is_our_page(request: Request) -> bool:
    """Browsers say where a page is from, and no page can make them say otherwise."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return False
    return request.headers.get("sec-fetch-site", "same-origin") == "same-origin"


async def _body(request: Request) -> bytes:
    """Nothing at all, when there is more than a role and a provider need; the rest is not waited for."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BYTES:
            return b""
    return body


def _refused(status: int, code: str, message: str) -> Response:
    error = {"message": message, "extensions": {"code": code}}
    return JSONResponse({"errors": [error]}, status, headers={"Cache-Control": "no-store"})
