"""Where the use cases of the audit trail meet their adapters."""

from sqlalchemy import func, select

from fleet_api.shared.application.list_audit_entries_interactor import ListAuditEntriesInteractor
from fleet_api.shared.application.maintain_partitions_interactor import MaintainPartitionsInteractor
from fleet_api.shared.application.read_audit_entries_interactor import ReadAuditEntriesInteractor
from fleet_api.shared.infrastructure.audit.audit_table import audit_entries
from fleet_api.shared.infrastructure.audit.postgres_audit_trail import PostgresAuditTrail
from fleet_api.shared.infrastructure.postgres_weekly_partitions import PostgresWeeklyPartitions
from fleet_api.shared.infrastructure.resources import Resources

_NEWEST_ENTRY = select(func.max(audit_entries.c.occurred_at))


def list_audit_entries_depends(resources: Resources) -> ListAuditEntriesInteractor:
    return ListAuditEntriesInteractor(PostgresAuditTrail(resources.connection))


def read_audit_entries_depends(resources: Resources) -> ReadAuditEntriesInteractor:
    return ReadAuditEntriesInteractor(PostgresAuditTrail(resources.connection))


def maintain_audit_depends(resources: Resources) -> MaintainPartitionsInteractor:
    partitions = PostgresWeeklyPartitions(resources.transaction.connection, audit_entries, _NEWEST_ENTRY)
    return MaintainPartitionsInteractor(partitions, resources.services.now)
