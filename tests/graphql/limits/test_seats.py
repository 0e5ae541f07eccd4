"""Sockets and streams: so many of one principal, and no more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from fleet_api.graphql.app import make_app
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api
from tests.support.server import serving
from tests.support.sockets import opened
from tests.support.world import World


@pytest.fixture
async def place(settings: Settings, database_url: str) -> AsyncIterator[str]:
    app = make_app(settings.model_copy(update={"sockets_at_once": 2}), database_url)
    async with serving(app, settings) as place:
        yield place


async def test_a_third_socket_is_sent_away_until_one_is_closed(
    api: Api, world: World, place: str, services: Services
) -> None:
    north = await world.provider()
    anna, ben = (api.as_role(Role.DISPATCHER, north.id, name) for name in ("anna", "ben"))
    address = f"ws://{place}/graphql"
    async with opened(address, anna):
        async with opened(address, anna):
            with pytest.raises(ConnectionClosed) as closed:
                async with opened(address, anna):
                    pass
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1013
            assert closed.value.rcvd.reason.startswith("TOO_MANY_SOCKETS")
            async with opened(address, ben):
                pass
        for _ in range(100):  # the server hears of the end a little later
            try:
                async with opened(address, anna):
                    return
            except ConnectionClosed:
                await asyncio.sleep(0.05)
        pytest.fail("The seat was not given back.")


async def test_a_third_stream_is_refused_before_it_begins(api: Api, world: World, place: str) -> None:
    north = await world.provider()
    headers = {
        "accept": "text/event-stream",
        "authorization": f"Bearer {api.as_role(Role.DISPATCHER, north.id).token}",
    }
    body = {"query": "subscription { fleetEvents { __typename } }"}
    async with httpx.AsyncClient(base_url=f"http://{place}") as client, AsyncExitStack() as stack:
        told: list[AsyncIterator[bytes]] = []
        for _ in range(2):
            stream = await stack.enter_async_context(client.stream("POST", "/graphql", json=body, headers=headers))
            assert stream.status_code == 200
            told.append(stream.aiter_bytes())  # kept: a stream ends with whoever reads it
            await anext(told[-1])
        refused = await client.post("/graphql", json=body, headers=headers)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")
        assert refused.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_SOCKETS"
