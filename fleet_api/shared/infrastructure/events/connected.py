import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import structlog

_CONNECT_S = 2.0
_COMMAND_S = 10.0
_AGAIN_S = 0.02
_MOST_AGAIN_S = 0.5

_log = structlog.get_logger(__name__)


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


async def for_ever(work: Callable[[], Awaitable[None]], name: str) -> None:
    """Begins again whenever the work ends, be it for a connection that is lost: soon at first, then at leisure."""
    pause = _AGAIN_S
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await work()
        except Exception as error:
            _log.warning("begun_again", work=name, error=type(error).__name__)
        lasted = asyncio.get_running_loop().time() - began
        pause = _AGAIN_S if lasted > _MOST_AGAIN_S else min(pause * 2, _MOST_AGAIN_S)
        await asyncio.sleep(pause)
