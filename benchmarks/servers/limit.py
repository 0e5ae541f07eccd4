"""The limit of the stack: what somebody writes by hand who wants speed and nothing else.

asyncpg, one statement per level, rows shaped by comprehensions, orjson, a bare ASGI application on uvicorn. It looks up
the operation by its name: it parses no GraphQL, and it trusts whoever asks. It answers the very JSON that ours does.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import orjson
import uvicorn

from benchmarks.servers.limit_operations import (
    Variables,
    drivers_with_histories,
    drivers_with_vehicles,
    one_driver,
    record,
    vehicles_in_a_box,
)

POOL_SIZE = int(os.environ["BENCH_POOL_SIZE"])

Operation = Callable[[asyncpg.Pool, Variables], Awaitable[Any]]

OPERATIONS: dict[str, Operation] = {
    "A": one_driver,
    "B": drivers_with_vehicles,
    "C": drivers_with_histories,
    "D": vehicles_in_a_box,
    "E": record,
}


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg is untyped
    """One that its pool need not reset: nothing here changes a session."""

    def get_reset_query(self) -> str:
        return ""


class Application:
    def __init__(self) -> None:
        self._pool: asyncpg.Pool | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message["body"]
            if not message.get("more_body"):
                break
        asked = orjson.loads(body)
        data = await OPERATIONS[asked["operationName"]](self._pool, asked["variables"])
        answer = orjson.dumps({"data": data})
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        self._pool = await asyncpg.create_pool(
            os.environ["BENCH_DATABASE_URL"],
            min_size=1,
            max_size=POOL_SIZE,
            connection_class=Connection,
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})


if __name__ == "__main__":
    uvicorn.run(
        Application(),
        host="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
