"""What was told last, so that phones that were away for a moment cost the database nothing when they all come back."""

from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from fleet_api.graphql.live.scope import Scope, is_seen
from fleet_api.shared.domain.event_log import EventPage, EventsAsked
from fleet_api.shared.domain.snapshot import Snapshot
from fleet_api.shared.infrastructure.events.tail import Batch, Told
from fleet_api.shared.infrastructure.sight import Reach

# Some 50 MB.
_MOST = 100_000
_AT_ONCE = 2_000  # others wait as long


Entry = tuple[Batch, Told]


class RecentEvents:
    """Remembers whole batches, in their order; and finds those of one provider or driver without the others. They are
    sorted when somebody comes back, for most of the time nobody does."""

    def __init__(self) -> None:
        self._since: Snapshot | None = None
        self._batches: deque[Batch] = deque()
        self._count = 0
        self._sorted = 0
        self._entries: dict[UUID | None, deque[Entry]] = defaultdict(deque)

    def add(self, batch: Batch) -> None:
        if self._since is None:
            self._since = batch.seen
        self._batches.append(batch)
        self._count += len(batch.told)
        while self._count > _MOST:
            self._forget(self._batches.popleft())

    def page(self, asked: EventsAsked, scope: Scope) -> EventPage | None:
        """All that was asked for; None where so much is not remembered, or is too much to be told at once."""
        if self._since is None or not asked.seen.covers(self._since):
            return None
        self._sort()
        unseen = list(islice(self._unseen(asked.seen, scope), _AT_ONCE + 1))
        if len(unseen) > _AT_ONCE:
            return None
        found = [
            told.event
            for told in unseen
            if told.event.id > asked.after_id
            and asked.until.shows_event(told.transaction, told.event.id)
            and is_seen(scope, told.event, told.lineage)
            and asked.watch.takes(told.event)
        ]
        found.sort(key=lambda event: event.id)
        return EventPage([event.at("") for event in found], is_last=True)

    def _unseen(self, seen: Snapshot, scope: Scope) -> Iterator[Told]:
        """Newest first, as far back as there may be any."""
        for batch, told in reversed(self._entries.get(_key(scope), ())):
            if seen.covers(batch.reading):
                return
            if not seen.shows_event(told.transaction, told.event.id):
                yield told

    def _sort(self) -> None:
        """The batches that came since it was done last."""
        for batch in islice(self._batches, self._sorted, None):
            for told in batch.told:
                for key in _keys(told):
                    self._entries[key].append((batch, told))
        self._sorted = len(self._batches)

    def _forget(self, batch: Batch) -> None:
        self._since = batch.reading
        self._count -= len(batch.told)
        if not self._sorted:
            return
        self._sorted -= 1
        for told in batch.told:
            for key in _keys(told):
                self._entries[key].popleft()
                if not self._entries[key]:
                    del self._entries[key]


def _keys(told: Told) -> list[UUID | None]:
    event = told.event
    return [None, event.fleet_provider_id, *([event.driver_id] if event.driver_id else [])]


def _key(scope: Scope) -> UUID | None:
    """Where all of its events are, if with others."""
    if scope.reach is Reach.DRIVER:
        return scope.driver_id
    return scope.provider_id if scope.reach is Reach.PROVIDER else None
