"""One follower of the log: first what it missed, then what comes."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import time

import structlog

from fleet_api.graphql.context import Context
from fleet_api.graphql.live.event_hub import Channel, EventHub
from fleet_api.graphql.live.group import Group
from fleet_api.graphql.live.member import MOST_UNSENT_BYTES, Member
from fleet_api.graphql.live.patience import read_in_time
from fleet_api.graphql.live.recent_events import RecentEvents
from fleet_api.graphql.live.scope import Scope
from fleet_api.shared.domain.event_log import EventPage, EventsAsked, EventWatch, Position
from fleet_api.shared.domain.events import RecordedEvent
from fleet_api.shared.domain.snapshot import NOTHING, Snapshot
from fleet_api.shared.domain.snapshot_required import SnapshotRequired
from fleet_api.shared.infrastructure.events.event_cursors import EventCursors, audience_of
from fleet_api.shared.infrastructure.events.events_depends import list_events_depends
from fleet_api.shared.infrastructure.events.tail import Batch, Tail

_PATIENCE_S = 5.0

AT_ONCE = 250
"""Events that are written to a client before it is seen whether it takes them."""

_log = structlog.get_logger(__name__)


class EventFeed:
    """Joins the hub and reads from the log up to where the hub was then, so that nothing is told twice, and nothing
    is between the two."""

    __slots__ = (
        "_channel",
        "_context",
        "_group",
        "_held",
        "_held_bytes",
        "_last",
        "_log",
        "_member",
        "_since",
        "_watch",
        "_working",
    )

    def __init__(self, log: "FollowedLog", group: Group, context: Context, watch: EventWatch, member: Member) -> None:
        self._log = log
        self._group = group
        self._context = context
        self._watch = watch
        self._member = member
        self._channel: Channel | None = None
        self._since: Snapshot | None = None
        self._held: deque[tuple[Sequence[bytes], Sequence[str]]] | None = None
        self._held_bytes = 0
        self._last = ""
        self._working: asyncio.Task[None] | None = None

    def start(self, position: Position | None) -> None:
        """From there on, or from now."""
        if position is None:
            self._join()
        else:
            self._working = asyncio.create_task(self._catch_up(position))

    def stop(self) -> None:
        self._leave()
        if self._working is not None:
            self._working.cancel()

    def take(self, batch: Batch, results: Sequence[bytes], cursors: Sequence[str]) -> None:
        if self._channel is None:  # it left meanwhile
            return
        if self._since is not None:
            if self._since.covers(batch.reading):  # it was on its way when we joined, and is none of ours
                return
            self._since = None
        if self._held is not None:
            self._hold(results, cursors)
        elif len(results) <= AT_ONCE and not self._member.is_behind:
            self._member.send(results, cursors)
        else:
            self._held = deque()
            self._hold(results, cursors)
            self._working = asyncio.create_task(self._catch_up(None))

    def _hold(self, results: Sequence[bytes], cursors: Sequence[str]) -> None:
        """Until it is told what came before. Who has too much waiting goes on from the log."""
        if self._held is not None:
            self._held.append((results, cursors))
            self._held_bytes += sum(map(len, results))
        if self._held_bytes > MOST_UNSENT_BYTES:
            self._leave()

    def fail(self) -> None:
        self.stop()
        self._member.give_up()

    def _join(self) -> Snapshot:
        """What was told before: the rest is ours."""
        self._since = self._log.tail.seen or NOTHING
        viewer = self._context.viewer
        self._channel = self._log.hub.join(self, self._group, Scope.of(viewer), audience_of(viewer), self._watch)
        return self._since

    def _leave(self) -> None:
        if self._channel is not None:
            self._log.hub.leave(self, self._channel)
            self._channel = None

    async def _catch_up(self, position: Position | None) -> None:
        """position: None for whoever is held up, and missed nothing yet."""
        try:
            # Another process may have come farther, if not for long.
            known = position is None or await self._log.tail.reached(position.reading)
            while not await self._caught_up(position, known=known):
                position, known = self._log.position(self._context, self._last), True
        except TimeoutError:
            self.fail()
        except Exception as error:
            _log.error("replay_failed", error=type(error).__name__)
            self.fail()
        finally:
            self._working = None

    async def _caught_up(self, position: Position | None, *, known: bool) -> bool:
        """Tells what was missed, and what came while that was told. Whether that was all."""
        if position is not None:
            self._held, self._held_bytes = deque(), 0
            until = self._join()
            if not known or not await self._tell_missed(position, until):
                await self._tell_of_loss(until)
        while self._held:
            results, cursors = self._held.popleft()
            self._held_bytes -= sum(map(len, results))
            for start in range(0, len(results), AT_ONCE):
                await self._send(results[start : start + AT_ONCE], cursors[start : start + AT_ONCE])
            self._last = cursors[-1]
        self._held = None
        return self._channel is not None

    async def _send(self, results: Sequence[bytes], cursors: Sequence[str]) -> None:
        """Raises `TimeoutError` where the client does not read."""
        self._member.send(results, cursors)
        if self._member.is_behind:
            async with asyncio.timeout(_PATIENCE_S):
                await self._member.drained()

    async def _tell_missed(self, position: Position, until: Snapshot) -> bool:
        """False when some of it is not kept any more."""
        seen, reading = position.seen, position.reading
        if seen != reading and not await self._tell_between(position, seen, reading, position.id):
            return False
        return await self._tell_between(position, reading, until, position.floor)

    async def _tell_between(self, position: Position, seen: Snapshot, until: Snapshot, after_id: int) -> bool:
        stem = self._log.stem(self._context, replace(position, seen=seen, reading=until))
        asked = EventsAsked(self._watch, seen, until, after_id, position.at)
        coming: asyncio.Task[EventPage] | None = asyncio.create_task(self._page(asked))
        try:
            while coming is not None:
                page = await coming
                if page.is_stale:
                    return False
                # The next one is read while this one is told.
                coming = None if page.is_last else asyncio.create_task(self._read(page.after(asked)))
                for event in page.events:
                    event.cursor = f"{stem}{event.id}"
                await self._tell(page.events)
        finally:
            if coming is not None:
                coming.cancel()
        return True

    async def _tell(self, events: Sequence[RecordedEvent]) -> None:
        for start in range(0, len(events), AT_ONCE):
            those = events[start : start + AT_ONCE]
            await self._send(await self._group.render(those), [event.cursor for event in those])

    async def _tell_of_loss(self, until: Snapshot) -> None:
        now = int(time())
        event = SnapshotRequired.since(datetime.fromtimestamp(now, UTC))
        stem = self._log.stem(self._context, Position(until, until, self._log.tail.floor, 0, now))
        event.cursor = f"{stem}0"
        self._member.send(await self._group.render([event]), [event.cursor])

    async def _page(self, asked: EventsAsked) -> EventPage:
        """The first one: from memory, if it goes back so far."""
        return self._log.recent.page(asked, Scope.of(self._context.viewer)) or await self._read(asked)

    async def _read(self, asked: EventsAsked) -> EventPage:
        return await read_in_time(self._context, list_events_depends, asked)


@dataclass(frozen=True, slots=True)
class FollowedLog:
    """What feeds share."""

    hub: EventHub
    tail: Tail
    recent: RecentEvents
    cursors: EventCursors

    def stem(self, context: Context, position: Position) -> str:
        return self.cursors.stem(position, audience_of(context.viewer))

    def position(self, context: Context, cursor: str) -> Position:
        return self.cursors.position(cursor, audience_of(context.viewer))
