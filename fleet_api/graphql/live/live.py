"""Subscriptions: who asks the same is one group, and is told from one rendering."""

from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from strawberry.types.execution import ExecutionResult

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.fleet_schema import FleetSchema
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.execution.subscribed import Subscribed
from fleet_api.graphql.live.event_feed import FollowedLog
from fleet_api.graphql.live.event_hub import EventHub
from fleet_api.graphql.live.group import Group
from fleet_api.graphql.live.member import Member
from fleet_api.graphql.live.position_hub import PositionHub
from fleet_api.graphql.live.recent_events import RecentEvents
from fleet_api.graphql.live.scope import Scope
from fleet_api.graphql.live.watching import Following
from fleet_api.shared.infrastructure.background import in_the_background
from fleet_api.shared.infrastructure.events.doorbell import Doorbell
from fleet_api.shared.infrastructure.events.event_cursors import EventCursors
from fleet_api.shared.infrastructure.events.postgres_looks import PostgresLooks
from fleet_api.shared.infrastructure.events.relayed_looks import RelayedLooks
from fleet_api.shared.infrastructure.events.tail import Batch, Tail
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from fleet_api.shared.infrastructure.events.relay import Relay


class Live:
    """What one process knows of who follows what. relay: between it and others of the same database, if any."""

    def __init__(
        self,
        schema: FleetSchema,
        url: str,
        cursors: EventCursors,
        doorbell: Doorbell,
        unit_of_work: UnitOfWork,
        relay: "Relay | None",
    ) -> None:
        self._schema = schema
        self._doorbell = doorbell
        self.positions = PositionHub(unit_of_work, cursors)
        hub = EventHub(cursors)
        self.tail = tail = Tail(self._deliver)
        self._looks = PostgresLooks(url, tail) if relay is None else RelayedLooks(url, tail, relay)
        self.log = FollowedLog(hub, tail, RecentEvents(), cursors)
        doorbell.on_told = self._looks.ring
        doorbell.on_moved = self.positions.moved
        doorbell.on_missed = self._missed
        self.on_heard: Callable[[Batch], None] = lambda _: None
        # A group lives as long as somebody in it.
        self._groups: WeakValueDictionary[Hashable, Group] = WeakValueDictionary()

    async def follow(self, ready: Ready, context: Context, member: Member) -> Following | ExecutionResult:
        """Feeds the member from now on; or says why not."""
        subscribed = await self._schema.subscribe(ready, context)
        if isinstance(subscribed, ExecutionResult):
            return subscribed
        return subscribed.source.feed(self, self._group(subscribed, context), context, member)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the process serves."""
        async with (
            in_the_background(self._looks.run()),
            in_the_background(self.positions.run()),
            in_the_background(self._doorbell.run()),
        ):
            yield

    @property
    def followers(self) -> int:
        """Subscriptions that are followed."""
        return self.log.hub.followers + self.positions.followers

    def _deliver(self, batch: Batch) -> None:
        self.on_heard(batch)
        self.positions.heard(batch)
        self.log.recent.add(batch)
        self.log.hub.dispatch(batch)

    def _missed(self) -> None:
        self._looks.ring()
        self.positions.look_around()

    def _group(self, subscribed: Subscribed, context: Context) -> Group:
        viewer = context.viewer
        case = subscribed.case, viewer.role, Scope.of(viewer), context.language
        group = self._groups.get(case)
        if group is None:
            # Of the viewer only what all of them share: nobody's session, and no end.
            shared = replace(viewer, session_id=None, expires_at=None, address="")
            own = Context(context.unit_of_work, context.services, shared, context.language, context.request_id)
            group = self._groups[case] = Group(self._schema, subscribed, own)
        return group
