"""A real server on 127.0.0.1, in this process."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from fleet_api.serving import server_config
from fleet_api.settings import Settings


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@asynccontextmanager
async def serving(app: ASGIApp, settings: Settings) -> AsyncIterator[str]:
    """Its host and port. When the block ends the server was told to stop, and has."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # from here on a client may knock: it waits until the server takes it in
        server = uvicorn.Server(server_config(settings, app))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield "{}:{}".format(*listener.getsockname())
        finally:
            server.should_exit = True
            await task
