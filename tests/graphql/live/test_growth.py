"""An event that was told leaves nothing behind. graphql-core's own subscriptions keep 2 KiB of each."""

import asyncio
import gc
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from fleet_api.drivers.domain.driver_events import DriverEvent
from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.fleet_schema import FleetSchema
from fleet_api.graphql.execution.subscribed import Subscribed
from fleet_api.graphql.live.event_feed import EventFeed
from fleet_api.graphql.schema import schema
from fleet_api.graphql.transport.operation import Operation
from fleet_api.graphql.transport.socket_member import SocketMember
from fleet_api.graphql.transport.websocket import WebSocket
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from tests.support.api import Api
from tests.support.followers import following
from tests.support.graph import ready
from tests.support.world import World

_OF_A_SOCKET = (WebSocket, SocketMember, Operation, EventFeed)
_DOCUMENT = """subscription { fleetEvents { cursor kind sequence occurredAt ... on DriverChanged { changed }
  ... on VehicleChanged { changed } } }"""
_NORTH = UUID(int=1)
_EVENTS = 400


def _events() -> Sequence[Any]:
    at = datetime.now(UTC)
    return [
        DriverEvent(n, "DRIVER_UPDATED", UUID(int=n), n, _NORTH, None, None, None, None, ("email",), "system", at, "c")
        for n in range(_EVENTS)
    ]


@pytest.mark.parametrize("road", ["breadth_first", "graphql_core"])
async def test_nothing_grows_with_each_event(
    services: Services, database_url: str, road: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if road == "graphql_core":
        monkeypatch.setattr(FleetSchema, "_plan", lambda *_: None)
    database = Database(database_url)
    context = Context(UnitOfWork(database, services), services, Viewer("someone", Role.DISPATCHER, _NORTH))
    subscribed = await schema.subscribe(ready(schema, _DOCUMENT), context)
    assert isinstance(subscribed, Subscribed)
    events = _events()

    async def tell_all() -> int:
        for event in events:
            (result,) = await schema.tell(subscribed, [event], context.fresh())
            assert b'"DRIVER_UPDATED"' in result
        gc.collect()
        return sys.getallocatedblocks()

    await tell_all()
    blocks = [await tell_all() for _ in range(4)]
    await database.close()
    # A leak of one thing an event would be 400 each time, and graphql-core's was some 10,000. Others allocate, too.
    assert min(after - before for before, after in pairwise(blocks)) < _EVENTS // 4


async def test_a_socket_that_is_gone_leaves_nothing_to_be_sought(api: Api, world: World, address: str) -> None:
    """When a thousand phones leave together, the search for what they left would hold up everybody else."""
    north = await world.provider()
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    gc.collect()
    gc.disable()
    try:
        before = _of_sockets()
        async with following(address, dispatcher):
            assert set(_of_sockets() - before) == set(_OF_A_SOCKET)
        async with asyncio.timeout(5):
            while _of_sockets() - before:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)
    finally:
        gc.enable()


def _of_sockets() -> Counter[type]:
    return Counter(type(thing) for thing in gc.get_objects() if type(thing) in _OF_A_SOCKET)
