from dataclasses import dataclass
from enum import StrEnum

from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.shared.domain.changes import change
from fleet_api.shared.domain.events import Event, RecordedEvent, tell
from fleet_api.shared.domain.permission import Permission


class FleetProviderEventKind(StrEnum):
    """What happens to a provider."""

    FLEET_PROVIDER_REGISTERED = "FLEET_PROVIDER_REGISTERED"
    FLEET_PROVIDER_UPDATED = "FLEET_PROVIDER_UPDATED"
    FLEET_PROVIDER_STATUS_CHANGED = "FLEET_PROVIDER_STATUS_CHANGED"


@dataclass(slots=True)
class FleetProviderEvent(RecordedEvent):
    """subject: the provider."""


tell(FleetProviderEventKind, FleetProviderEvent, Permission.PROVIDERS_READ)


def registered(provider: FleetProvider) -> Event:
    return Event(FleetProviderEventKind.FLEET_PROVIDER_REGISTERED, provider.id, provider.id, after=provider.status)


def changed(before: FleetProvider, after: FleetProvider) -> Event | None:
    return change(
        before,
        after,
        after.id,
        moved=FleetProviderEventKind.FLEET_PROVIDER_STATUS_CHANGED,
        updated=FleetProviderEventKind.FLEET_PROVIDER_UPDATED,
    )
