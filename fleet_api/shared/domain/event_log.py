"""The log of what happened: who may follow which part of it, and how far a follower has come."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from fleet_api.shared.domain.events import RecordedEvent
from fleet_api.shared.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Position:
    """How far a follower has come: all that `seen` shows, and what `reading` shows of the events up to `id`.

    floor: no event that `seen` does not show has an id up to this. at: when it was there, in seconds since 1970.
    """

    seen: Snapshot
    reading: Snapshot
    floor: int
    id: int
    at: int


@dataclass(frozen=True, slots=True)
class EventWatch:
    """Which events are followed: those of these kinds, and only of these subjects, drivers and objects where such are
    named. passing: of those that tell of a number that fell, only those that fell below it."""

    kinds: frozenset[str]
    subjects: frozenset[UUID] | None = None
    drivers: frozenset[UUID] | None = None
    objects: frozenset[UUID] | None = None
    passing: int | None = None

    @property
    def is_broad(self) -> bool:
        """Whether kinds and subjects are all that it asks for."""
        return self.drivers is None and self.objects is None and self.passing is None

    def takes(self, event: RecordedEvent) -> bool:
        return (
            event.kind in self.kinds
            and (self.subjects is None or event.subject_id in self.subjects)
            and (self.drivers is None or event.driver_id in self.drivers)
            and (self.objects is None or event.object_id in self.objects)
            and (self.passing is None or _passes(event, self.passing))
        )


@dataclass(frozen=True, slots=True)
class EventsAsked:
    """A page of the log: what `until` shows and `seen` does not, after an id. since: when `seen` was, in seconds since
    1970."""

    watch: EventWatch
    seen: Snapshot
    until: Snapshot
    after_id: int
    since: int


@dataclass(frozen=True, slots=True)
class EventPage:
    """is_last: nothing is left of what was asked for. is_stale: some of it is not kept any more."""

    events: Sequence[RecordedEvent]
    is_last: bool
    is_stale: bool = False

    def after(self, asked: EventsAsked) -> EventsAsked:
        """What to ask for next."""
        return replace(asked, after_id=self.events[-1].id)


@dataclass(frozen=True, slots=True)
class FollowAsked:
    """What somebody wants to follow, after a cursor or from now. kinds: None for all that they may see. The rest: as in
    `EventWatch`."""

    kinds: frozenset[str] | None
    after: str | None
    subjects: frozenset[UUID] | None = None
    drivers: frozenset[UUID] | None = None
    objects: frozenset[UUID] | None = None
    passing: int | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """position: None for from now on."""

    watch: EventWatch
    position: Position | None


class EventLog(ABC):
    """Events, as far as the viewer may see them."""

    @abstractmethod
    async def page(self, asked: EventsAsked) -> EventPage:
        """In the order of their ids; never stale."""

    @abstractmethod
    async def reaches_back_to(self, at: int) -> bool:
        """Whether all is kept that happened since then."""

    @abstractmethod
    async def end(self) -> str:
        """The cursor after all that happened until now."""

    @abstractmethod
    def position(self, cursor: str) -> Position:
        """Raises `Refused` (INVALID_CURSOR) for one that we did not make, or not for such a viewer."""


def _passes(event: RecordedEvent, limit: int) -> bool:
    return float(event.before or 0) >= limit > float(event.after or 0)
