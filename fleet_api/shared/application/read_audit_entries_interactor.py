from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.audit_entry import AuditEntry
from fleet_api.shared.domain.audit_trail import AuditTrail
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission


class ReadAuditEntriesInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, AuditEntry]]):
    """Audit entries by id; those that the viewer may not see are absent."""

    requires = Permission.AUDIT_READ

    def __init__(self, trail: AuditTrail) -> None:
        self._trail = trail

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, AuditEntry]]:
        return OutputSuccessContext(await self._trail.by_ids(dto.keys))
