"""A client of graphql-transport-ws, on a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.support.api import Api

_PATIENCE_S = 10


def connected(address: str) -> connect:
    # Without a bound, so that whoever leaves in the middle hears the other side say goodbye.
    return connect(address, subprotocols=[Subprotocol("graphql-transport-ws")], max_queue=None)


@asynccontextmanager
async def opened(address: str, viewer: Api) -> AsyncIterator[ClientConnection]:
    """A socket whose connection_init was acknowledged; who asks is whoever the API is asked as."""
    async with connected(address) as socket:
        await send(socket, type="connection_init", payload={"authorization": f"Bearer {viewer.token}"})
        assert (await receive(socket))["type"] == "connection_ack"
        yield socket


async def acknowledged(socket: ClientConnection, token: str | None = None) -> None:
    payload = {"AUTHORIZATION": f"Bearer {token}"} if token else None
    await send(socket, type="connection_init", payload=payload)
    assert await receive(socket) == {"type": "connection_ack"}


async def send(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def receive(socket: ClientConnection) -> Any:
    return json.loads(await asyncio.wait_for(socket.recv(), _PATIENCE_S))


async def closed(socket: ClientConnection) -> tuple[int | None, str | None]:
    """Its code and its reason, once it is."""
    with pytest.raises(ConnectionClosed):
        while True:
            await asyncio.wait_for(socket.recv(), _PATIENCE_S)
    return socket.close_code, socket.close_reason
