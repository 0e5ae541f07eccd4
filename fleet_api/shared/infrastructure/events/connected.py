from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

_CONNECT_S = 2.0
_COMMAND_S = 10.0


@asynccontextmanager
async def connected(url: str, name: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection beside the pools, which a process keeps for itself. name: what operators see of it."""
    connection = await asyncpg.connect(
        url.replace("+asyncpg", ""),
        timeout=_CONNECT_S,
        command_timeout=_COMMAND_S,
        server_settings={"application_name": name, "plan_cache_mode": "force_generic_plan"},
    )
    try:
        yield connection
    finally:
        connection.terminate()
