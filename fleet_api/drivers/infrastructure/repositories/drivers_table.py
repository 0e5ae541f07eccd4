from sqlalchemy import CHAR, Column, Date, Index, Integer, Table, Text, UniqueConstraint

from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.shared.infrastructure.tables import (
    choice,
    id_column,
    instant,
    metadata,
    owner_columns,
    provider_column,
    tenant_table,
    texts,
    version_column,
)

drivers = tenant_table(
    "drivers",
    id_column(),
    provider_column(),
    Column("full_name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("licence_number", Text, nullable=False),
    Column("licence_country", CHAR(2), nullable=False),
    texts("licence_classes"),
    Column("licence_expires_on", Date, nullable=False),
    choice("status", DriverStatus),
    version_column(),
    UniqueConstraint("fleet_provider_id", "phone"),
    UniqueConstraint("fleet_provider_id", "email"),
    # What belongs to a driver names the provider too, so that no row can cross tenants.
    UniqueConstraint("fleet_provider_id", "id"),
    # drivers(orderBy: {field: FULL_NAME}) and FleetProvider.drivers in that order.
    Index("ix_drivers_fleet_provider_id_full_name_id", "fleet_provider_id", "full_name", "id"),
    # login(phone): the tenant is not known yet.
    Index("ix_drivers_phone", "phone"),
    seen_by_driver=lambda table, me: table.c.id == me,
)

driver_credentials = tenant_table(
    "driver_credentials",
    *owner_columns("drivers", "driver_id", primary_key=True),
    Column("password_hash", Text, nullable=False),
)

driver_sessions = tenant_table(
    "driver_sessions",
    id_column(),
    *owner_columns("drivers", "driver_id"),
    Column("generation", Integer, nullable=False),
    instant("refreshed_at"),
    instant("revoked_at", nullable=True),
    # suspendDriver: all sessions of one driver.
    Index("ix_driver_sessions_driver_id", "driver_id"),
)

login_failures = Table(
    "login_failures",
    metadata,
    # A keyed hash of a phone or of an address: the table tells neither.
    Column("subject", Text, primary_key=True),
    instant("window_started_at"),
    Column("failures", Integer, nullable=False),
)
