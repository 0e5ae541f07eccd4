"""What seeding leaves in the audit trail: who put the demo's providers and geofences there."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from fleet_api.demo.demo_ids import demo_id
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.shared.domain.audit_entry import AuditEntry, AuditOutcome
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.telemetry.domain.entities.geofence import Geofence


def demo_trail(
    providers: Iterable[FleetProvider], fences: Iterable[Geofence], midnight: datetime
) -> Iterator[AuditEntry]:
    yield from (_entry(provider, "REGISTER_FLEET_PROVIDER", midnight) for provider in providers)
    yield from (_entry(fence, "CREATE_GEOFENCE", midnight) for fence in fences)


def _entry(thing: FleetProvider | Geofence, action: str, midnight: datetime) -> AuditEntry:
    system = Viewer.system()
    return AuditEntry(
        id=demo_id(f"{action}/{thing.id}", midnight),
        occurred_at=midnight,
        fleet_provider_id=thing.fleet_provider_id,
        actor=system.actor,
        role=system.role,
        actor_provider_id=system.provider_id,
        action=action,
        outcome=AuditOutcome.DONE,
        code=None,
        entity_type=type(thing).__name__,
        entity_id=thing.id,
        before=None,
        after=thing.status if isinstance(thing, FleetProvider) else None,
        changed=[],
        request_id=None,
        address=None,
    )
