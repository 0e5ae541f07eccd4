"""Who sees which events, decided in the process as tenancy decides it in the database."""

from collections.abc import Iterator
from typing import NamedTuple, Self
from uuid import UUID

from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.events.tail import Told
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


def scopes_of(told: Told) -> Iterator[Scope]:
    """All that see the event."""
    event = told.event
    yield _EVERYTHING
    for provider_id in told.lineage:
        yield Scope(Reach.SUBTREE, provider_id)
    yield Scope(Reach.PROVIDER, event.fleet_provider_id)
    if event.driver_id is not None:
        yield Scope(Reach.DRIVER, event.fleet_provider_id, event.driver_id)
