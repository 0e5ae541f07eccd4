"""An event that was told leaves nothing behind. graphql-core's own subscriptions keep 2 KiB of each."""

import gc
import sys
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
from fleet_api.graphql.schema import schema
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork

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
    subscribed = await schema.subscribe(_DOCUMENT, {}, context)
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
