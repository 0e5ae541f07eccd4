"""Who sees which events, decided in the process as tenancy decides it in the database."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self
from uuid import UUID

from fleet_api.shared.domain.events import RecordedEvent
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.sight import Reach, reach_of


class Scope(NamedTuple):
    """Viewers of one scope see the same events."""

    reach: Reach
    provider_id: UUID | None = None
    driver_id: UUID | None = None

    @classmethod
    def of(cls, viewer: Viewer) -> Self:
        return cls(reach_of(viewer), viewer.provider_id, viewer.driver_id)


_EVERYTHING = Scope(Reach.EVERYTHING)


def scopes_of(provider_id: UUID, lineage: Iterable[UUID]) -> Iterator[Scope]:
    """All that see whatever happens at a provider. lineage: it and all above it."""
    yield _EVERYTHING
    for above in lineage:
        yield Scope(Reach.SUBTREE, above)
    yield Scope(Reach.PROVIDER, provider_id)


def is_seen(scope: Scope, event: RecordedEvent, lineage: Iterable[UUID]) -> bool:
    """The same of one event and one scope. lineage: of its provider."""
    if scope.reach is Reach.DRIVER:
        return scope == (Reach.DRIVER, event.fleet_provider_id, event.driver_id)
    return scope in scopes_of(event.fleet_provider_id, lineage)
