"""Events in memory, as the port describes them."""

from uuid import UUID

from fleet_api.shared.domain.events import Event, EventPublisher
from fleet_api.shared.domain.viewer import Viewer


class FakeEventPublisher(EventPublisher):
    """told: in their order. actors: of each, whom the use case named itself; None for whoever asks."""

    def __init__(self) -> None:
        self.told: list[Event] = []
        self.actors: list[str | None] = []
        self._keys: set[tuple[UUID, str]] = set()

    async def publish(self, *events: Event) -> None:
        self.tell(events, None)

    def by(self, viewer: Viewer) -> EventPublisher:
        return _Someone(self, viewer.actor)

    def tell(self, events: tuple[Event, ...], actor: str | None) -> None:
        for event in events:
            if event.key is not None and (event.subject_id, event.key) in self._keys:
                continue
            if event.key is not None:
                self._keys.add((event.subject_id, event.key))
            self.told.append(event)
            self.actors.append(actor)


class _Someone(EventPublisher):
    def __init__(self, all_of_us: FakeEventPublisher, actor: str) -> None:
        self._all_of_us = all_of_us
        self._actor = actor

    async def publish(self, *events: Event) -> None:
        self._all_of_us.tell(events, self._actor)

    def by(self, viewer: Viewer) -> EventPublisher:
        return self._all_of_us.by(viewer)
