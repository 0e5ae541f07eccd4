"""Tokens for people who try the API out: what an identity provider does in production."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from fleet_api.demo.demo_ids import provider_id
from fleet_api.demo.world.providers import PROVIDERS
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.infrastructure.repositories.drivers_table import drivers
from fleet_api.graphql.shared.node import parse_global_id
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.tenancy import TenantConnection


class UnknownSubjectError(Exception):
    """The text says what to ask for instead."""


def mint(services: Services, role: Role, provider: UUID | None, subject: str, ttl: timedelta) -> str:
    """Raises `UnknownSubjectError` for a role without the provider that it needs."""
    try:
        return services.tokens.issue(
            role=role, subject=subject, provider_id=provider, ttl=ttl, now=services.now(), jti=new_id()
        )
    except ValueError as error:
        needed = "has no provider: leave it out." if role is Role.PLATFORM_OPS else "needs a provider: north or harbor."
        raise UnknownSubjectError(f"The role {role} {needed}") from error


def provider_named(name: str | None) -> UUID | None:
    """The id of a demo provider by its name, or of any by its id. Raises `UnknownSubjectError`."""
    if name is None or name in {known.slug for known in PROVIDERS}:
        return provider_id(name) if name else None
    return _uuid(name, "Name a provider: north, harbor, or the id of another.")


async def driver_named(database_url: str, provider: UUID | None, name: str | None) -> tuple[UUID, UUID]:
    """A driver and their provider, by phone or id; by default the first ACTIVE one. Raises `UnknownSubjectError`."""
    wanted = select(drivers.c.id, drivers.c.fleet_provider_id).order_by(drivers.c.id).limit(1)
    if provider is not None:
        wanted = wanted.where(drivers.c.fleet_provider_id == provider)
    if name is None:
        wanted = wanted.where(drivers.c.status == DriverStatus.ACTIVE)
    elif name.startswith("+"):
        wanted = wanted.where(drivers.c.phone == name)
    else:
        wanted = wanted.where(drivers.c.id == _uuid(name, "Name a driver: a phone such as +47…, or an id."))
    database = Database(database_url, pool_size=1)
    try:
        async with database.transaction() as connection:
            row = await TenantConnection(Transaction(connection), Viewer.system()).row(wanted)
    finally:
        await database.close()
    if row is None:
        raise UnknownSubjectError("There is no such driver.")
    return row[0], row[1]


def _uuid(name: str, otherwise: str) -> UUID:
    parsed = parse_global_id(name)
    try:
        return UUID(parsed[1] if parsed else name)
    except ValueError:
        raise UnknownSubjectError(otherwise) from None
