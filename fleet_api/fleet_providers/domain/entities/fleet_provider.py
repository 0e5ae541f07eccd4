"""A fleet provider: the tenant, and the books that everything else stands in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.fleet_providers.domain.fleet_provider_dto import RegisterFleetProviderDto, UpdateFleetProviderDto
from fleet_api.shared.domain import ids
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.shared_errors import illegal_transition
from fleet_api.shared.domain.text import Text

_NEXT = {
    FleetProviderStatus.PENDING: {FleetProviderStatus.ACTIVE},
    FleetProviderStatus.ACTIVE: {FleetProviderStatus.SUSPENDED},
    FleetProviderStatus.SUSPENDED: {FleetProviderStatus.ACTIVE, FleetProviderStatus.CLOSED},
    FleetProviderStatus.CLOSED: set[FleetProviderStatus](),
}


@dataclass(frozen=True, slots=True)
class FleetProvider:
    """lineage: the ids of itself and of its ancestors, root first; it never changes, so a subtree is one lookup."""

    id: UUID
    parent_id: UUID | None
    lineage: Sequence[UUID]
    legal_name: str
    tax_id: str
    country_code: str
    currency: str
    timezone: str
    status: FleetProviderStatus
    version: int

    @property
    def fleet_provider_id(self) -> UUID:
        """Whose it is, as of every other thing: its own."""
        return self.id

    @classmethod
    def register(cls, dto: RegisterFleetProviderDto, parent: "FleetProvider | None") -> Self:
        id = ids.new_id()
        return cls(
            id=id,
            parent_id=dto.parent_id,
            lineage=[*(parent.lineage if parent else ()), id],
            legal_name=dto.legal_name,
            tax_id=dto.tax_id,
            country_code=dto.country_code,
            currency=dto.currency,
            timezone=dto.timezone,
            status=FleetProviderStatus.PENDING,
            version=1,
        )

    @property
    def created_at(self) -> datetime:
        return ids.created_at(self.id)

    @property
    def operates(self) -> bool:
        return self.status is FleetProviderStatus.ACTIVE

    @property
    def takes_on(self) -> bool:
        """Whether new drivers and vehicles may come: a pending one is being set up."""
        return self.status in {FleetProviderStatus.PENDING, FleetProviderStatus.ACTIVE}

    def update(self, dto: UpdateFleetProviderDto) -> Self:
        return replace(
            self,
            legal_name=dto.legal_name or self.legal_name,
            tax_id=dto.tax_id or self.tax_id,
            timezone=dto.timezone or self.timezone,
            version=self.version + 1,
        )

    def suspend(self) -> Self | OutputErrorContext:
        return self._become(FleetProviderStatus.SUSPENDED)

    def reactivate(self) -> Self | OutputErrorContext:
        """Opens a suspended provider again, and a pending one for the first time."""
        return self._become(FleetProviderStatus.ACTIVE)

    def close(self) -> Self | OutputErrorContext:
        return self._become(FleetProviderStatus.CLOSED)

    def _become(self, status: FleetProviderStatus) -> Self | OutputErrorContext:
        if status not in _NEXT[self.status]:
            return illegal_transition(Text("A provider", "Un proveedor"), self.status, status)
        return replace(self, status=status, version=self.version + 1)
