from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.audit_entry import AuditEntry
from fleet_api.shared.domain.audit_trail import AuditListing, AuditTrail
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission


class ListAuditEntriesInteractor(BaseInteractor[AuditListing, Page[AuditEntry]]):
    """A page of what was done at the viewer's provider."""

    requires = Permission.AUDIT_READ

    def __init__(self, trail: AuditTrail) -> None:
        self._trail = trail

    async def process(self, dto: AuditListing) -> OutputContext[Page[AuditEntry]]:
        return OutputSuccessContext(await self._trail.page(dto))
