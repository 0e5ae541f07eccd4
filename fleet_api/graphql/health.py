"""Is the process alive, and is it ready: liveness asks nobody, readiness asks the database."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fleet_api.migrations import newest_revision
from fleet_api.shared.infrastructure.readiness import Readiness


def health_routes(readiness: Readiness) -> list[Route]:
    async def healthz(_: Request) -> Response:
        return _told(200, status="ok")

    async def readyz(_: Request) -> Response:
        """503 while the database is away, or while its schema is not the one that this code was written for."""
        try:
            found = await readiness.revision()
        except Exception:  # whatever it is, we are not ready
            return _told(503, status="unavailable", database="unreachable")
        if found == newest_revision():
            return _told(200, status="ok", database="ok", revision=found)
        return _told(503, status="unavailable", database="ok", revision=found, expected=newest_revision())

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def _told(status_code: int, **body: Any) -> Response:
    return JSONResponse(body, status_code, {"Cache-Control": "no-store"})
