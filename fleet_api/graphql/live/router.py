"""Where what happens finds those who follow it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Generic, TypeVar
from uuid import UUID

from fleet_api.graphql.live.scope import Scope

C = TypeVar("C")


class Router(Generic[C]):
    """By who may see it, and by its subject where that is all that somebody follows."""

    def __init__(self) -> None:
        self._places: dict[tuple[Scope, UUID | None], dict[C, None]] = defaultdict(dict)

    def add(self, channel: C, scope: Scope, subjects: Collection[UUID] | None) -> None:
        """subjects: None for any."""
        for subject in (None,) if subjects is None else subjects:
            self._places[scope, subject][channel] = None

    def remove(self, channel: C, scope: Scope, subjects: Collection[UUID] | None) -> None:
        for subject in (None,) if subjects is None else subjects:
            del self._places[scope, subject][channel]
            if not self._places[scope, subject]:
                del self._places[scope, subject]

    def find(self, scopes: Iterable[Scope], subject: UUID) -> Iterator[C]:
        for scope in scopes:
            for place in ((scope, subject), (scope, None)):
                yield from self._places.get(place, ())
