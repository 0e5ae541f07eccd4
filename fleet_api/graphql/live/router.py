"""Where what happens finds those who follow it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from fleet_api.graphql.live.scope import Scope

C = TypeVar("C")

Place = Mapping[UUID | None, Mapping[C, None]]
"""Those of one scope: by the subject that is all they follow, or under None."""


class Router(Generic[C]):
    """By who may see it, and by its subject where that is all that somebody follows."""

    def __init__(self) -> None:
        self._places: dict[Scope, dict[UUID | None, dict[C, None]]] = {}

    def add(self, channel: C, scope: Scope, subjects: Collection[UUID] | None) -> None:
        """subjects: None for any."""
        place = self._places.setdefault(scope, {})
        for subject in (None,) if subjects is None else subjects:
            place.setdefault(subject, {})[channel] = None

    def remove(self, channel: C, scope: Scope, subjects: Collection[UUID] | None) -> None:
        place = self._places[scope]
        for subject in (None,) if subjects is None else subjects:
            del place[subject][channel]
            if not place[subject]:
                del place[subject]
        if not place:
            del self._places[scope]

    def places(self, scopes: Iterable[Scope]) -> Sequence[Place[C]]:
        """Of those scopes whose somebody is there."""
        return [self._places[scope] for scope in scopes if scope in self._places]


def found(places: Iterable[Place[C]], subject: UUID) -> Iterator[C]:
    for place in places:
        for key in (subject, None):
            if key in place:
                yield from place[key]
