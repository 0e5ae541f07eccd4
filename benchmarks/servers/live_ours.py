"""Ours, as `fleet-api serve` runs it, with a loop in the process that delivers events as the tail of the log would."""

import asyncio
import itertools
import os
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from weakref import WeakSet

import orjson
from strawberry.relay import from_base64

from benchmarks.servers.live_feeding import obey
from benchmarks.workloads import PROVIDER
from fleet_api import serving
from fleet_api.graphql.app import FleetApp, make_app
from fleet_api.graphql.graphiql.sign_in import Visitors
from fleet_api.graphql.live.group import Group
from fleet_api.graphql.live.live import Live
from fleet_api.settings import Settings
from fleet_api.shared.domain.snapshot import Snapshot
from fleet_api.shared.infrastructure.events.tail import Batch, Told
from fleet_api.shared.infrastructure.logs import configure_logs
from fleet_api.vehicles.domain.vehicle_events import VehicleEvent, VehicleEventKind

VEHICLES = [UUID(from_base64(id)[1]) for id in orjson.loads(Path(os.environ["BENCH_VEHICLES"]).read_bytes())]

# After all that any follower has seen of the real log.
_LATER = Snapshot(5_000_000, 5_000_000)
_TURN = 64
_KIND = VehicleEventKind.VEHICLE_STATUS_CHANGED.value  # as the log has it
_STATES = ("MAINTENANCE", "ACTIVE")
_BEHIND_BYTES = 64 * 1024
_LOOKED_AFTER_EVERY = 16


class Feeding:
    """Stands in for the tail: events that are in no table go where the tail takes those of the log."""

    def __init__(self, live: Live) -> None:
        self._hub = live.log.hub
        self._deliver = live._deliver
        self._ids = itertools.count(1_000_000)
        self._sequences: defaultdict[UUID, int] = defaultdict(int)
        self._rounds = 0
        self._channels = 0
        self._known: WeakSet[Group] = WeakSet()

    async def round(self, subjects: int) -> None:
        for start in range(0, subjects, _TURN):
            self._deliver(self._batch(VEHICLES[start : min(start + _TURN, subjects)]))
            await self._rendered()
        self._rounds += 1
        if self._rounds % _LOOKED_AFTER_EVERY == 0:
            await self._taken()

    async def _rendered(self) -> None:
        """Groups render in tasks of their own, and there are as few of them as there are kinds of subscribers."""
        working = [group._working for group in self._groups() if group._working]
        if working:
            await asyncio.wait(working)
        await asyncio.sleep(0)  # what was written leaves at the end of the loop's turn

    def _groups(self) -> WeakSet[Group]:
        """Sought anew when somebody came or went: it takes its time, which is not to be measured."""
        if len(self._hub._channels) != self._channels or not self._known:
            self._channels = len(self._hub._channels)
            self._known = WeakSet(channel.group for channel in self._hub._channels.values())
        return self._known

    async def _taken(self) -> None:
        """Nobody is to fall so far behind that it would be given up."""
        for channel in list(self._hub._channels.values()):
            for feed in list(channel.feeds):
                if feed._member.unsent_bytes > _BEHIND_BYTES:
                    await feed._member.drained()

    def _batch(self, vehicles: Sequence[UUID]) -> Batch:
        told = [self._told(vehicle) for vehicle in vehicles]
        return Batch(_LATER, _LATER, 1_000_000, int(time.time()), told, is_whole=True)

    def _told(self, vehicle: UUID) -> Told:
        self._sequences[vehicle] = sequence = self._sequences[vehicle] + 1
        event = VehicleEvent(
            id=next(self._ids),
            kind=_KIND,
            subject_id=vehicle,
            sequence=sequence,
            fleet_provider_id=PROVIDER,
            driver_id=None,
            object_id=None,
            before=_STATES[sequence % 2],
            after=_STATES[(sequence + 1) % 2],
            changed=(),
            actor="dispatcher:bench",
            occurred_at=datetime.now(UTC),
        )
        return Told(event, _LATER.xmin, (PROVIDER,))


def main() -> None:
    configure_logs()
    serving.make_app = _fed
    serving.serve(Settings())


def _fed(settings: Settings, url: str, visitors: Visitors | None) -> FleetApp:
    app = make_app(settings, url, visitors)
    living = app.router.lifespan_context

    @asynccontextmanager
    async def fed(_: Any) -> AsyncIterator[Any]:
        async with living(app) as state:
            feeding = asyncio.create_task(obey(Feeding(app.live).round))
            yield state
            feeding.cancel()

    app.router.lifespan_context = fed
    return app


if __name__ == "__main__":
    main()
