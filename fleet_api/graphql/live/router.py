"""Where what happens finds those who follow it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from fleet_api.graphql.live.scope import Scope

C = TypeVar("C")


class Place(Generic[C]):
    """Those of one scope: by the subject that is all they follow, or under None."""

    __slots__ = ("channels",)

    def __init__(self) -> None:
        self.channels: dict[UUID | None, dict[C, None]] = {}


class Router(Generic[C]):
    """By who may see it, and by its subject where that is all that somebody follows."""

    def __init__(self) -> None:
        self._places: dict[Scope, Place[C]] = {}

    def add(self, channel: C, scope: Scope, subjects: Collection[UUID] | None) -> None:
        """subjects: None for any."""
        channels = self._places.setdefault(scope, Place()).channels
        for subject in (None,) if subjects is None else subjects:
            channels.setdefault(subject, {})[channel] = None

    def remove(self, channel: C, scope: Scope, subjects: Collection[UUID] | None) -> None:
        channels = self._places[scope].channels
        for subject in (None,) if subjects is None else subjects:
            del channels[subject][channel]
            if not channels[subject]:
                del channels[subject]
        if not channels:
            del self._places[scope]

    def places(self, scopes: Iterable[Scope]) -> Sequence[Place[C]]:
        """Of those scopes whose somebody is there."""
        return [self._places[scope] for scope in scopes if scope in self._places]


def found(places: Iterable[Place[C]], subject: UUID) -> Iterator[C]:
    for place in places:
        for key in (subject, None):
            yield from place.channels.get(key, ())
