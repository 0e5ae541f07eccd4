from sqlalchemy import Column, Index, PrimaryKeyConstraint, Text, Uuid

from fleet_api.shared.domain.audit_entry import AuditOutcome
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.tables import choice, instant, tenant_table, texts

# Partitioned by week; the maintenance job makes and drops the partitions. A trigger refuses to change or delete a row.
# Nothing refers to it and it refers to nothing: what was done stays done when the thing is gone.
audit_entries = tenant_table(
    "audit_entries",
    Column("id", Uuid, nullable=False),
    instant("occurred_at"),
    Column("fleet_provider_id", Uuid),
    Column("actor", Text, nullable=False),
    choice("role", Role, nullable=True),
    Column("actor_provider_id", Uuid),
    Column("action", Text, nullable=False),
    choice("outcome", AuditOutcome),
    Column("code", Text),
    Column("entity_type", Text),
    Column("entity_id", Uuid),
    Column("before", Text),
    Column("after", Text),
    texts("changed"),
    Column("request_id", Text),
    Column("address", Text),
    # The time first, as the list runs, so that a page looks into the newest partitions only.
    PrimaryKeyConstraint("occurred_at", "id"),
    Index("ix_audit_entries_fleet_provider_id_occurred_at_id", "fleet_provider_id", "occurred_at", "id"),
    # auditEntries(filter: {entityId}) and (filter: {actor}).
    Index("ix_audit_entries_entity_id_occurred_at_id", "entity_id", "occurred_at", "id"),
    Index("ix_audit_entries_actor_occurred_at_id", "actor", "occurred_at", "id"),
    postgresql_partition_by="RANGE (occurred_at)",
)
