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
        """503 while the database is away, or its schema is older than this code. A newer one will do: while a new
        version comes in, a revision takes away nothing that the one before it uses."""
        try:
            found = await readiness.revision()
        except Exception:  # whatever it is, we are not ready
            return _told(503, status="unavailable", database="unreachable")
        if found is not None and found >= newest_revision():
            return _told(200, status="ok", database="ok", revision=found)
        return _told(503, status="unavailable", database="ok", revision=found, expected=newest_revision())

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def _told(status_code: int, **body: Any) -> Response:
    return JSONResponse(body, status_code, {"Cache-Control": "no-store"})
