import strawberry

from fleet_api.graphql.audit.inputs import AuditEntryFilterInput, OrderByTime
from fleet_api.graphql.audit.types import AuditEntryType
from fleet_api.graphql.shared.connection import Connection, connection
from fleet_api.graphql.shared.info import Info
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import PageRequest
from fleet_api.shared.infrastructure.audit.audit_depends import list_audit_entries_depends


@strawberry.type
class AuditQueries:
    @connection(description="Who did what to which thing. For AUDITOR, PROVIDER_ADMIN and PLATFORM_OPS.")
    def audit_entries(
        self,
        info: Info,
        page: PageRequest,
        filter: AuditEntryFilterInput | None = None,
        order_by: OrderByTime = None,
    ) -> Connection[AuditEntryType] | None:
        return info.context.ask(list_audit_entries_depends, Listing(page, filter, order_by))
