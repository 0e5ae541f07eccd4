"""Who may do what, on one page. Whatever the table does not grant is denied."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """The kinds of viewers, spelt as in a token's `role` claim."""

    PLATFORM_OPS = "platform_ops"
    PROVIDER_ADMIN = "provider_admin"
    DISPATCHER = "dispatcher"
    FINANCE = "finance"
    DRIVER = "driver"
    DEVICE = "device"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What a use case may require. Which rows it then reaches is tenancy's matter, not a permission's."""

    SIGN_IN = "sign_in"
    """Log in, refresh a session and log out: each brings its own proof, a password or a refresh token."""

    PROVIDERS_READ = "providers_read"
    """See providers and their totals."""
    PROVIDERS_CREATE = "providers_create"
    """Put a new provider on the platform."""
    PROVIDERS_WRITE = "providers_write"
    """Update, suspend, reactivate and close a provider."""

    DRIVERS_READ = "drivers_read"
    """See drivers, without their personal fields."""
    DRIVERS_READ_PERSONAL = "drivers_read_personal"
    """See a driver's phone, email and licence."""
    DRIVERS_WRITE = "drivers_write"
    """Invite, activate, update, suspend and offboard drivers."""

    CATALOGUE_READ = "catalogue_read"
    """See the vehicle models, which all providers share."""
    CATALOGUE_WRITE = "catalogue_write"
    """Import vehicle models."""

    VEHICLES_READ = "vehicles_read"
    """See vehicles, their assignments and metrics."""
    VEHICLES_WRITE = "vehicles_write"
    """Register, update, assign, release, service and retire vehicles."""

    TELEMETRY_READ = "telemetry_read"
    """See where vehicles are and were: latest point, history and trips."""
    TELEMETRY_RECORD = "telemetry_record"
    """Record points for the vehicles of one's provider."""

    GEOFENCES_READ = "geofences_read"
    """See geofences."""
    GEOFENCES_WRITE = "geofences_write"
    """Create and delete geofences."""

    AUDIT_READ = "audit_read"
    """See who did what to which thing."""

    SCHEMA_READ = "schema_read"
    """Introspect the schema, and have the names that were meant suggested."""

    MAINTAIN = "maintain"
    """Run the platform's jobs, such as dropping old telemetry."""
    SESSIONS_READ = "sessions_read"
    """Ask whether sessions still stand, whoever's they are."""


_EVERYTHING = frozenset(Permission)
_PLATFORM_ONLY = frozenset(
    {Permission.PROVIDERS_CREATE, Permission.CATALOGUE_WRITE, Permission.MAINTAIN, Permission.SESSIONS_READ}
)

# People keep SIGN_IN: a token that is sent along with a logout must not forbid it. `None` is who sent no token.
_GRANTS: Mapping[Role | None, frozenset[Permission]] = MappingProxyType(
    {
        None: frozenset({Permission.SIGN_IN}),
        Role.PLATFORM_OPS: _EVERYTHING,
        Role.PROVIDER_ADMIN: _EVERYTHING - _PLATFORM_ONLY,
        Role.DISPATCHER: frozenset(
            {
                Permission.SIGN_IN,
                Permission.SCHEMA_READ,
                Permission.PROVIDERS_READ,
                Permission.DRIVERS_READ,
                Permission.DRIVERS_READ_PERSONAL,
                Permission.DRIVERS_WRITE,
                Permission.CATALOGUE_READ,
                Permission.VEHICLES_READ,
                Permission.VEHICLES_WRITE,
                Permission.TELEMETRY_READ,
                Permission.GEOFENCES_READ,
                Permission.GEOFENCES_WRITE,
            }
        ),
        Role.FINANCE: frozenset(
            {
                Permission.SIGN_IN,
                Permission.SCHEMA_READ,
                Permission.PROVIDERS_READ,
                Permission.DRIVERS_READ,
                Permission.CATALOGUE_READ,
                Permission.VEHICLES_READ,
            }
        ),
        Role.DRIVER: frozenset(
            {
                Permission.SIGN_IN,
                Permission.PROVIDERS_READ,
                Permission.DRIVERS_READ,
                Permission.DRIVERS_READ_PERSONAL,
                Permission.CATALOGUE_READ,
                Permission.VEHICLES_READ,
                Permission.TELEMETRY_READ,
            }
        ),
        Role.DEVICE: frozenset({Permission.TELEMETRY_RECORD}),
        Role.AUDITOR: frozenset(
            {
                Permission.SIGN_IN,
                Permission.SCHEMA_READ,
                Permission.PROVIDERS_READ,
                Permission.DRIVERS_READ,
                Permission.DRIVERS_READ_PERSONAL,
                Permission.CATALOGUE_READ,
                Permission.VEHICLES_READ,
                Permission.TELEMETRY_READ,
                Permission.GEOFENCES_READ,
                Permission.AUDIT_READ,
            }
        ),
    }
)


def permissions_of(role: Role | None) -> frozenset[Permission]:
    """What the table grants to `role`; nothing, when it has no such row."""
    return _GRANTS.get(role, frozenset())
