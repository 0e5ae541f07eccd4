"""From the tail of the log to whoever follows it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from fleet_api.graphql.live.group import Group, Lot
from fleet_api.graphql.live.router import Router
from fleet_api.graphql.live.scope import Scope, scopes_of
from fleet_api.shared.domain.event_log import EventWatch, Position
from fleet_api.shared.infrastructure.events.event_cursors import EventCursors
from fleet_api.shared.infrastructure.events.tail import Batch, Told


class Feed(Protocol):
    """One follower. Nothing here waits or raises."""

    def take(self, batch: Batch, results: Sequence[bytes], cursor: str) -> None:
        """What a batch has for it, in order. cursor: after the last of it."""

    def fail(self) -> None:
        """Something that it should have got is not to be had: it has to come again."""


class Channel:
    """Those of a group who follow the same events."""

    def __init__(self, group: Group, scope: Scope, audience: str, watch: EventWatch) -> None:
        self.group = group
        self.scope = scope
        self.audience = audience
        self.watch = watch
        self.feeds: dict[Feed, None] = {}

    def take(self, batch: Batch, results: Sequence[bytes], cursor: str) -> None:
        for feed in tuple(self.feeds):
            feed.take(batch, results, cursor)

    def fail(self) -> None:
        for feed in tuple(self.feeds):
            feed.fail()


class EventHub:
    def __init__(self, cursors: EventCursors) -> None:
        self._cursors = cursors
        self._channels: dict[tuple[Group, EventWatch], Channel] = {}
        self._router: Router[Channel] = Router()

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
        told: dict[Group, dict[Told, list[Channel]]] = {}
        for each in batch.told:
            event = each.event
            drivers = () if event.driver_id is None else (event.driver_id,)
            scopes = scopes_of(event.fleet_provider_id, each.lineage, drivers)
            for channel in self._router.find(scopes, event.subject_id):
                if channel.watch.takes(event):
                    told.setdefault(channel.group, {}).setdefault(each, []).append(channel)
        stems: dict[tuple[str, bool], str] = {}
        for group, events in told.items():
            group.tell(self._lot(batch, events, stems))

    def _lot(self, batch: Batch, told: dict[Told, list[Channel]], stems: dict[tuple[str, bool], str]) -> Lot:
        # All channels of a group are of one audience.
        audience = next(iter(told.values()))[0].audience
        stem, last_stem = (self._stem(batch, audience, stems, is_last=last) for last in (False, batch.is_whole))
        cursors = [f"{stem}{each.event.id}" for each in told]
        cursors[-1] = f"{last_stem}{next(reversed(told)).event.id}"
        places: dict[Channel, list[int]] = defaultdict(list)
        for place, channels in enumerate(told.values()):
            for channel in channels:
                places[channel].append(place)

        def deliver(results: Sequence[bytes]) -> None:
            for channel, those in places.items():
                theirs = results if len(those) == len(results) else [results[place] for place in those]
                channel.take(batch, theirs, cursors[those[-1]])

        def fail() -> None:
            for channel in places:
                channel.fail()

        return Lot([each.event.at(cursor) for each, cursor in zip(told, cursors, strict=True)], deliver, fail)

    def _stem(self, batch: Batch, audience: str, stems: dict[tuple[str, bool], str], *, is_last: bool) -> str:
        """is_last: nothing of the batch is left for that audience."""
        if (audience, is_last) not in stems:
            seen = batch.reading if is_last else batch.seen
            position = Position(seen, batch.reading, batch.floor, 0, batch.at)
            stems[audience, is_last] = self._cursors.stem(position, audience)
        return stems[audience, is_last]
