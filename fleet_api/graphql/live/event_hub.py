"""From the tail of the log to whoever follows it."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

import structlog

from fleet_api.graphql.live.group import IN_A_TURN, Group, Lot
from fleet_api.graphql.live.router import Place, Router
from fleet_api.graphql.live.scope import Scope, scopes_of
from fleet_api.shared.domain.event_log import EventWatch, Position
from fleet_api.shared.domain.events import RecordedEvent
from fleet_api.shared.infrastructure.events.event_cursors import EventCursors
from fleet_api.shared.infrastructure.events.tail import Batch
from fleet_api.shared.infrastructure.sight import Reach

_log = structlog.get_logger(__name__)


class Feed(Protocol):
    """One follower. Nothing here waits or raises."""

    def take(self, batch: Batch, results: Sequence[bytes], cursors: Sequence[str]) -> None:
        """What a batch has for it, in order. cursors: after each of it."""

    def fail(self) -> None:
        """Something that it should have got is not to be had: it has to come again."""


class Channel:
    """Those of a group who follow the same events."""

    def __init__(self, group: Group, scope: Scope, audience: str, watch: EventWatch) -> None:
        self.group = group
        self.scope = scope
        self.audience = audience
        self.watch = watch
        self.kinds = watch.kinds
        self.is_broad = watch.is_broad
        self.feeds: dict[Feed, None] = {}

    def fail(self) -> None:
        for feed in tuple(self.feeds):
            feed.fail()


class EventHub:
    def __init__(self, cursors: EventCursors) -> None:
        self._cursors = cursors
        self._channels: dict[tuple[Group, EventWatch], Channel] = {}
        self._router: Router[Channel] = Router()

    @property
    def followers(self) -> int:
        return sum(len(channel.feeds) for channel in self._channels.values())

    def join(self, feed: Feed, group: Group, scope: Scope, audience: str, watch: EventWatch) -> Channel:
        """From the next batch on it gets all that it follows, until it leaves."""
        channel = self._channels.get((group, watch))
        if channel is None:
            channel = self._channels[group, watch] = Channel(group, scope, audience, watch)
            self._router.add(channel, scope, watch.subjects)
        channel.feeds[feed] = None
        return channel

    def leave(self, feed: Feed, channel: Channel) -> None:
        channel.feeds.pop(feed, None)
        if not channel.feeds and (channel.group, channel.watch) in self._channels:
            del self._channels[channel.group, channel.watch]
            self._router.remove(channel, channel.scope, channel.watch.subjects)

    def dispatch(self, batch: Batch) -> None:
        """To the groups that it concerns. Each takes its time on its own."""
        shares: dict[Group, _Share] = {}
        places: dict[UUID, Sequence[Place[Channel]]] = {}
        ends: dict[Place[Channel], int] = {}
        for told in batch.told:
            event = told.event
            provider_id, subject_id, kind = event.fleet_provider_id, event.subject_id, event.kind
            there = places.get(provider_id)
            if there is None:
                there = places[provider_id] = self._router.places(scopes_of(provider_id, told.lineage))
            if event.driver_id is not None:
                there = [*there, *self._router.places([Scope(Reach.DRIVER, provider_id, event.driver_id)])]
            for place in there:
                ends[place] = event.id
                for followed in (subject_id, None):
                    for channel in place.channels.get(followed, ()):
                        if kind in channel.kinds and (channel.is_broad or channel.watch.takes(event)):
                            share = shares.get(channel.group)
                            if share is None:
                                share = shares[channel.group] = _Share(batch, channel.audience, place)
                            share.add(event, channel)
        self._stamp(batch, shares.values(), ends)
        for group, share in shares.items():
            group.tell(Lot(share.events, share.deliver, share.fail))

    def _stamp(self, batch: Batch, shares: Collection["_Share"], ends: Mapping[Place[Channel], int]) -> None:
        """Gives each event its cursor, which differs from audience to audience. ends: the last event for each."""
        stems: dict[tuple[str, bool], str] = {}
        for share in shares:
            stem = self._stem(batch, share.audience, stems, is_last=False)
            if len(shares) > 1:
                share.events = [event.at("") for event in share.events]
            for event in share.events:
                event.cursor = f"{stem}{event.id}"
            # The end of the batch, also for their other subscriptions: those may follow what this one does not.
            if batch.is_whole and event.id == ends[share.place]:
                event.cursor = f"{self._stem(batch, share.audience, stems, is_last=True)}{event.id}"

    def _stem(self, batch: Batch, audience: str, stems: dict[tuple[str, bool], str], *, is_last: bool) -> str:
        """is_last: nothing of the batch is left for that audience."""
        if (audience, is_last) not in stems:
            seen = batch.reading if is_last else batch.seen
            position = Position(seen, batch.reading, batch.floor, 0, batch.at)
            stems[audience, is_last] = self._cursors.stem(position, audience)
        return stems[audience, is_last]


class _Share:
    """What one group gets of a batch. All channels of a group are of one scope, and so of one audience."""

    __slots__ = ("_batch", "_places", "audience", "events", "place")

    def __init__(self, batch: Batch, audience: str, place: Place[Channel]) -> None:
        self._batch = batch
        self._places: dict[Channel, list[int]] = {}
        self.audience = audience
        self.place = place
        self.events: list[RecordedEvent] = []

    def add(self, event: RecordedEvent, channel: Channel) -> None:
        if not self.events or self.events[-1] is not event:
            self.events.append(event)
        self._places.setdefault(channel, []).append(len(self.events) - 1)

    async def deliver(self, results: Sequence[bytes]) -> None:
        batch, whole, count = self._batch, len(results), 0
        cursors = [event.cursor for event in self.events]
        for channel, places in self._places.items():
            theirs, their_cursors = results, cursors
            if len(places) != whole:
                theirs, their_cursors = [results[place] for place in places], [cursors[place] for place in places]
            for feed in tuple(channel.feeds):
                try:
                    feed.take(batch, theirs, their_cursors)
                except Exception as error:  # nobody else is to miss anything for it
                    _log.error("not_told", error=type(error).__name__)
                    feed.fail()
                count += 1
                if count % IN_A_TURN == 0:
                    await asyncio.sleep(0)

    def fail(self) -> None:
        for channel in self._places:
            channel.fail()
