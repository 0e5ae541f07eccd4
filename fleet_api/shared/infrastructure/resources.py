"""What a use case may be made of."""

from dataclasses import dataclass
from datetime import timedelta

from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.auth.issuer import TokenIssuer
from fleet_api.shared.infrastructure.auth.passwords import PasswordHasher
from fleet_api.shared.infrastructure.auth.refresh_tokens import RefreshTokens
from fleet_api.shared.infrastructure.connections import Connection, Transaction
from fleet_api.shared.infrastructure.events.event_cursors import EventCursors
from fleet_api.shared.infrastructure.events.postgres_event_publisher import PostgresEventPublisher
from fleet_api.shared.infrastructure.tenancy import TenantConnection, Wanted


@dataclass(frozen=True, slots=True)
class Services:
    """What lives as long as the process; the composition root makes it."""

    now: Clock
    passwords: PasswordHasher
    tokens: TokenIssuer
    refresh_tokens: RefreshTokens
    telemetry_retention: timedelta
    event_retention: timedelta
    audit_retention: timedelta
    event_cursors: EventCursors


@dataclass(frozen=True, slots=True)
class Resources:
    """What lives as long as one run: its connection, its viewer, the process's services, and what of it is wanted."""

    raw_connection: Connection
    viewer: Viewer
    services: Services
    wanted: Wanted | None = None

    @property
    def connection(self) -> TenantConnection:
        """The database as the viewer sees it."""
        return TenantConnection(self.raw_connection, self.viewer, self.wanted)

    @property
    def system_connection(self) -> TenantConnection:
        """The database as we see it: for a login, which cannot know its tenant before it has found the driver."""
        return TenantConnection(self.raw_connection, Viewer.system())

    @property
    def events(self) -> EventPublisher:
        """Tells what the viewer does. Raises `TypeError` in a use case that reads."""
        return PostgresEventPublisher(self.transaction, self.viewer)

    @property
    def transaction(self) -> Transaction:
        """What is under no viewer's sight: for events, and for the schema itself. Raises `TypeError` in a use case
        that reads."""
        if not isinstance(self.raw_connection, Transaction):
            raise TypeError("reading has no transaction")
        return self.raw_connection
