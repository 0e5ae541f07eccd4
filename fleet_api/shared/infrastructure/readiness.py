"""Whether the database answers, and with which schema: asked on a connection that no request can take."""

import asyncio

import asyncpg

from fleet_api.shared.infrastructure.deadline import within

_PATIENCE_S = 2.0
_REVISION = "SELECT version_num FROM alembic_version"
# A migration may hold the table for long, and tells nothing of whether the database can serve.
_WAITS_FOR_NO_LOCK = "SET LOCAL lock_timeout = 200"


class Readiness:
    """revision: of the schema, as it was seen last."""

    def __init__(self, url: str, revision: str) -> None:
        self._url = url.replace("+asyncpg", "")
        self._seen: str | None = revision
        self._connection: asyncpg.Connection | None = None
        self._asking: asyncio.Task[str | None] | None = None

    async def revision(self) -> str | None:
        """Raises whatever says that the database does not answer. Who asks at the same time shares the question."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> str | None:
        try:
            self._seen = await within(_PATIENCE_S, self._read())
        except asyncpg.LockNotAvailableError:
            pass
        except BaseException:
            self.close()
            raise
        return self._seen

    async def _read(self) -> str | None:
        if self._connection is None or self._connection.is_closed():
            settings = {"application_name": "fleet-api readiness"}
            self._connection = await asyncpg.connect(self._url, timeout=_PATIENCE_S, server_settings=settings)
        async with self._connection.transaction(readonly=True):
            await self._connection.execute(_WAITS_FOR_NO_LOCK)
            found: str | None = await self._connection.fetchval(_REVISION)
        return found

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
