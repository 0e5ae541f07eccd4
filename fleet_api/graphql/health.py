"""Is the process alive, and is it ready: liveness asks nobody, readiness asks the database."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fleet_api.migrations import newest_revision
from fleet_api.shared.infrastructure.database import Database

_PATIENCE_S = 2.0
_REVISION = "SELECT version_num FROM alembic_version"


def health_routes(database: Database) -> list[Route]:
    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        """503 while the database is away, or while its schema is not the one that this code was written for."""
        try:
            found = await database.value(_REVISION, _PATIENCE_S)
        except Exception:  # whatever it is, we are not ready
            return JSONResponse({"status": "unavailable", "database": "unreachable"}, 503)
        ready = found == newest_revision()
        body = {"status": "ok" if ready else "unavailable", "database": "ok", "revision": found}
        return JSONResponse(body | ({} if ready else {"expected": newest_revision()}), 200 if ready else 503)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
