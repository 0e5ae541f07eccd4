from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from uuid import UUID

from fleet_api.shared.domain.audit_entry import AuditEntry
from fleet_api.shared.domain.audit_entry_dto import AuditEntryFilter, AuditEntryOrder
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import Page

AuditListing = Listing[AuditEntryFilter, AuditEntryOrder]


class AuditTrail(ABC):
    """Entries are added, and read as far as the viewer may see them; nothing else can be done to them."""

    @abstractmethod
    async def add(self, entry: AuditEntry) -> None:
        """With the unit of work's commit, or not at all."""

    @abstractmethod
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, AuditEntry]:
        """Unknown ids are absent."""

    @abstractmethod
    async def page(self, listing: AuditListing) -> Page[AuditEntry]: ...
