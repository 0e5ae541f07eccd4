from sqlalchemy import CHAR, Column, ForeignKey, Index, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.shared.infrastructure.tables import choice, id_column, tenant_table, version_column

fleet_providers = tenant_table(
    "fleet_providers",
    id_column(),
    Column("parent_id", Uuid, ForeignKey("fleet_providers.id")),
    Column("lineage", ARRAY(Uuid), nullable=False),
    Column("legal_name", Text, nullable=False),
    Column("tax_id", Text, nullable=False),
    Column("country_code", CHAR(2), nullable=False),
    Column("currency", CHAR(3), nullable=False),
    Column("timezone", Text, nullable=False),
    choice("status", FleetProviderStatus),
    version_column(),
    UniqueConstraint("country_code", "tax_id"),
    # FleetProvider.children, and deleting nothing slowly: the foreign key to the parent.
    Index("ix_fleet_providers_parent_id_id", "parent_id", "id"),
    seen_by_driver=lambda table, _: table.c.id.is_not(None),
)
