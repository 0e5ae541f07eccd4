"""One follower of positions: first where vehicles are, then where they go."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog

from fleet_api.graphql.context import Context
from fleet_api.graphql.live.group import Group
from fleet_api.graphql.live.member import Member
from fleet_api.graphql.live.patience import read_in_time
from fleet_api.graphql.live.position_channel import PositionChannel
from fleet_api.graphql.live.position_hub import PositionHub
from fleet_api.graphql.live.scope import Scope
from fleet_api.shared.infrastructure.events.event_cursors import audience_of
from fleet_api.telemetry.domain.entities.vehicle_position import VehiclePosition
from fleet_api.telemetry.domain.telemetry_dto import PositionsAsked, PositionWatch
from fleet_api.telemetry.infrastructure.telemetry_depends import list_positions_depends

_AT_ONCE = 200
_MOST_WAITING = 2_000

_log = structlog.get_logger(__name__)


class PositionFeed:
    """While it is still told where vehicles are, and whenever its client does not keep up, only the last that is known
    of each vehicle waits."""

    __slots__ = ("_channel", "_context", "_group", "_hub", "_member", "_waiting", "_working")

    def __init__(self, hub: PositionHub, group: Group, context: Context, member: Member) -> None:
        self._hub = hub
        self._group = group
        self._context = context
        self._member = member
        self._channel: PositionChannel | None = None
        self._waiting: dict[UUID, tuple[datetime, bytes]] = {}
        self._working: asyncio.Task[None] | None = None

    def start(self, watch: PositionWatch, since: datetime | None) -> None:
        """since: only those that moved since; None for all."""
        viewer = self._context.viewer
        self._channel = self._hub.join(self, self._group, Scope.of(viewer), audience_of(viewer), watch)
        self._working = asyncio.create_task(self._begin(self._channel, since))

    def stop(self) -> None:
        if self._channel is not None:
            self._hub.leave(self, self._channel)
            self._channel = None
        if self._working is not None:
            self._working.cancel()

    def take(self, positions: Sequence[VehiclePosition], results: Sequence[bytes]) -> None:
        if self._working is None and not self._member.is_behind:
            self._member.send(results, [position.cursor for position in positions])
            return
        for position, result in zip(positions, results, strict=True):
            self._waiting[position.vehicle_id] = position.recorded_at, result
        if len(self._waiting) > _MOST_WAITING:
            self.fail()
        elif self._working is None:
            self._working = asyncio.create_task(self._tell_waiting())

    def fail(self) -> None:
        self.stop()
        self._member.give_up()

    async def _begin(self, channel: PositionChannel, since: datetime | None) -> None:
        try:
            await self._tell_all(channel, since)
            await self._tell_waiting()
        except Exception as error:
            _log.error("positions_failed", error=type(error).__name__)
            self.fail()

    async def _tell_all(self, channel: PositionChannel, since: datetime | None) -> None:
        """Where they are. Whoever moved meanwhile waits, and is told of if that was later."""
        watch = channel.watch
        ids = None if watch.vehicle_ids is None else tuple(watch.vehicle_ids)
        asked = PositionsAsked(ids, watch.bounds, None if watch.bounds else since)
        inside = points = await read_in_time(self._context, list_positions_depends, asked)
        if since is not None and watch.bounds is not None:
            # Whoever comes back knows of some that stand in the box, and of some that left it meanwhile.
            points = await read_in_time(self._context, list_positions_depends, PositionsAsked(ids, None, since))
        channel.know(inside, points)
        cursor = self._hub.cursor(audience_of(self._context.viewer))
        for start in range(0, len(points), _AT_ONCE):
            those = [
                VehiclePosition.of(point, within=channel.holds(point), cursor=cursor)
                for point in points[start : start + _AT_ONCE]
            ]
            self._member.send(await self._group.render(those), [cursor] * len(those))
            await self._member.drained()
        for point in points:
            waiting = self._waiting.get(point.vehicle_id)
            if waiting is not None and waiting[0] <= point.recorded_at:
                del self._waiting[point.vehicle_id]

    async def _tell_waiting(self) -> None:
        while self._waiting:
            await self._member.drained()
            results, self._waiting = [result for _, result in self._waiting.values()], {}
            self._member.send(results, [self._hub.cursor(audience_of(self._context.viewer))] * len(results))
        self._working = None
