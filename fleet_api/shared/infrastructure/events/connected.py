from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from fleet_api.shared.infrastructure.driver import connect

_COMMAND_S = 10.0


@asynccontextmanager
async def connected(url: str, name: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection beside the pools, which a process keeps for itself. name: what operators see of it."""
    connection = await connect(
        url,
        command_timeout=_COMMAND_S,
        server_settings={"application_name": name, "plan_cache_mode": "force_generic_plan"},
    )
    try:
        yield connection
    finally:
        connection.terminate()
