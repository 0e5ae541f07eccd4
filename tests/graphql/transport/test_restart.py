"""A server that stops does not wait for those who only listen."""

import asyncio

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.sockets import connected, receive, send
from tests.support.transport import FOLLOW, edge_of


async def test_sockets_and_streams_end_when_the_server_stops(settings: Settings, services: Services) -> None:
    edge = edge_of(settings.model_copy(update={"shutdown_seconds": 60}), services)
    served = await edge.__aenter__()
    headers = {"accept": "text/event-stream"}
    async with (
        connected(served.address) as socket,
        connected(served.address) as silent,
        httpx.AsyncClient(timeout=20) as client,
        client.stream("POST", served.url, json={"query": FOLLOW}, headers=headers) as stream,
    ):
        await send(socket, type="connection_init")
        await receive(socket)
        await send(socket, id="1", type="subscribe", payload={"query": FOLLOW})
        silent.transport.pause_reading()
        following = [await served.live.next() for _ in range(2)]
        stopping = asyncio.create_task(edge.__aexit__(None, None, None))
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 10)
        assert (socket.close_code, socket.close_reason) == (1012, "Service restart: resume with your last cursor")
        said = [line async for line in stream.aiter_lines()]
        assert "event: complete" not in said  # so that it comes back
        await asyncio.wait_for(stopping, 20)
        silent.transport.abort()
        assert all(each.is_stopped for each in following)
