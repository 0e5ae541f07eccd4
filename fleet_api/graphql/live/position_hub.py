"""From vehicles that moved to whoever follows them."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from time import time
from typing import TypeVar
from uuid import UUID

from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import read_fleet_providers_depends
from fleet_api.graphql.live.group import Group
from fleet_api.graphql.live.holders import Holders
from fleet_api.graphql.live.position_channel import PositionChannel, PositionFollower
from fleet_api.graphql.live.router import Router, found
from fleet_api.graphql.live.scope import Scope, scopes_of
from fleet_api.shared.domain.clock import utc_now
from fleet_api.shared.domain.dto import Batch as Asked
from fleet_api.shared.domain.event_log import Position
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, Refused
from fleet_api.shared.domain.snapshot import NOTHING
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.background import for_ever, set_within
from fleet_api.shared.infrastructure.events.doorbell import Moved
from fleet_api.shared.infrastructure.events.event_cursors import EventCursors
from fleet_api.shared.infrastructure.events.tail import Batch
from fleet_api.shared.infrastructure.sight import Reach
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from fleet_api.telemetry.domain.telemetry_dto import PositionsAsked, PositionWatch
from fleet_api.telemetry.infrastructure.telemetry_depends import list_positions_depends
from fleet_api.vehicles.domain.vehicle_assignment_events import VehicleAssignmentEvent

# Calls commit in another order than they begin: whoever looks around looks back over the longest that one may take.
LOOK_BACK = timedelta(seconds=30)
_LOOK_AROUND_S = 10.0

O = TypeVar("O")  # noqa: E741 - output


class PositionHub:
    def __init__(self, unit_of_work: UnitOfWork, cursors: EventCursors) -> None:
        self._unit_of_work = unit_of_work
        self._cursors = cursors
        self._channels: dict[tuple[Group, PositionWatch], PositionChannel] = {}
        self._router: Router[PositionChannel] = Router()
        self._moved: dict[UUID, set[UUID]] = {}
        self._rung = asyncio.Event()
        self._looks_around = False
        self._lineages: dict[UUID, Sequence[UUID]] = {}
        self._holders = Holders(unit_of_work)

    def cursor(self, audience: str) -> str:
        """Where whoever is told now goes on."""
        return self._cursors.stem(Position(NOTHING, NOTHING, 0, 0, int(time())), audience) + "0"

    @property
    def followers(self) -> int:
        return sum(len(channel.feeds) for channel in self._channels.values())

    def join(
        self, feed: PositionFollower, group: Group, scope: Scope, audience: str, watch: PositionWatch
    ) -> PositionChannel:
        channel = self._channels.get((group, watch))
        if channel is None:
            channel = PositionChannel(group, scope, watch, lambda: self.cursor(audience))
            self._channels[group, watch] = channel
            self._router.add(channel, scope, watch.vehicle_ids)
            if scope.driver_id is not None:
                self._holders.watch(scope.driver_id)
        channel.feeds[feed] = None
        return channel

    def leave(self, feed: PositionFollower, channel: PositionChannel) -> None:
        channel.feeds.pop(feed, None)
        if not channel.feeds and (channel.group, channel.watch) in self._channels:
            del self._channels[channel.group, channel.watch]
            channel.close()
            self._router.remove(channel, channel.scope, channel.watch.vehicle_ids)
            if channel.scope.driver_id is not None:
                self._holders.forget(channel.scope.driver_id)

    def moved(self, moved: Moved) -> None:
        """Vehicles have a new latest position."""
        if self._channels:
            for provider_id, vehicles in moved.items():
                self._moved.setdefault(provider_id, set()).update(vehicles)
            self._rung.set()

    def look_around(self) -> None:
        """Somebody may have moved whom we did not hear."""
        self._looks_around = True
        self._rung.set()

    def heard(self, batch: Batch) -> None:
        """Who holds what may have changed."""
        for told in batch.told:
            if isinstance(told.event, VehicleAssignmentEvent) and told.event.driver_id is not None:
                self._holders.changed(told.event.driver_id)

    async def run(self) -> None:
        """For ever."""
        await for_ever(self._work, "positions")

    async def _work(self) -> None:
        now = asyncio.get_running_loop().time
        around_at = now()  # after a failure, nobody knows what was missed; later, a ring may have been lost
        while True:
            await set_within(self._rung, around_at - now())
            self._rung.clear()
            moved, self._moved = self._moved, {}
            around, self._looks_around = self._looks_around or now() >= around_at, False
            if around:
                around_at = now() + _LOOK_AROUND_S
            if not self._channels:
                continue
            await self._holders.learn()
            await self._tell(self._all_of_interest() if around else await self._of_interest(moved))

    def _all_of_interest(self) -> PositionsAsked:
        """Whoever may have moved, and is followed."""
        followed = [channel.watch.vehicle_ids for channel in self._channels.values()]
        narrow = [ids for ids in followed if ids is not None]
        vehicles = list(frozenset().union(*narrow)) if len(narrow) == len(followed) else None
        return PositionsAsked(vehicles, since=utc_now() - LOOK_BACK)

    async def _of_interest(self, moved: Moved) -> PositionsAsked:
        """Those whom somebody follows."""
        vehicles: list[UUID] = []
        for provider_id, those in moved.items():
            lineage = await self._lineage(provider_id)
            vehicles += [id for id in those if any(self._following(provider_id, lineage, id))]
        return PositionsAsked(vehicles)

    def _following(self, provider_id: UUID, lineage: Sequence[UUID], vehicle_id: UUID) -> Iterator[PositionChannel]:
        drivers = [Scope(Reach.DRIVER, provider_id, driver_id) for driver_id in self._holders.of(vehicle_id)]
        return found(self._router.places([*scopes_of(provider_id, lineage), *drivers]), vehicle_id)

    async def _tell(self, asked: PositionsAsked) -> None:
        if asked.vehicle_ids is not None and not asked.vehicle_ids:
            return
        points = _found(await self._unit_of_work.read(list_positions_depends, asked, Viewer.system()))
        offered: dict[PositionChannel, None] = {}
        for point in points:
            lineage = await self._lineage(point.fleet_provider_id)
            for channel in self._following(point.fleet_provider_id, lineage, point.vehicle_id):
                channel.offer(point)
                offered[channel] = None
        for channel in offered:
            channel.flush()

    async def _lineage(self, provider_id: UUID) -> Sequence[UUID]:
        """Which never changes."""
        if provider_id not in self._lineages:
            dto = Asked([provider_id], None)
            found = _found(await self._unit_of_work.read(read_fleet_providers_depends, dto, Viewer.system()))
            self._lineages[provider_id] = found[provider_id].lineage
        return self._lineages[provider_id]


def _found(output: OutputContext[O]) -> O:
    """Raises `Refused`, such as for a database that is away: then the work begins again."""
    if isinstance(output, OutputErrorContext):
        raise Refused(output)
    return output.data
