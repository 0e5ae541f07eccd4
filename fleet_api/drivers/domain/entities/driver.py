"""A driver of a provider's fleet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self
from uuid import UUID

from fleet_api.drivers.domain.driver_dto import InviteDriverDto, UpdateDriverDto
from fleet_api.drivers.domain.driver_errors import licence_expired
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.shared.domain import ids
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.shared_errors import illegal_transition
from fleet_api.shared.domain.text import Text

_NEXT = {
    # Who is verified in person need not have signed in before.
    DriverStatus.INVITED: {DriverStatus.PENDING_VERIFICATION, DriverStatus.ACTIVE},
    DriverStatus.PENDING_VERIFICATION: {DriverStatus.ACTIVE},
    DriverStatus.ACTIVE: {DriverStatus.SUSPENDED},
    DriverStatus.SUSPENDED: {DriverStatus.ACTIVE, DriverStatus.OFFBOARDED},
    DriverStatus.OFFBOARDED: set[DriverStatus](),
}


@dataclass(frozen=True, slots=True)
class Driver:
    id: UUID
    fleet_provider_id: UUID
    full_name: str
    phone: str
    email: str
    locale: str
    licence_number: str
    licence_country: str
    licence_classes: Sequence[str]
    licence_expires_on: date
    status: DriverStatus
    version: int

    @classmethod
    def invite(cls, dto: InviteDriverDto, provider_id: UUID) -> Self:
        return cls(
            id=ids.new_id(),
            fleet_provider_id=provider_id,
            full_name=dto.full_name,
            phone=dto.phone,
            email=dto.email,
            locale=dto.locale,
            licence_number=dto.licence_number,
            licence_country=dto.licence_country,
            licence_classes=list(dto.licence_classes),
            licence_expires_on=dto.licence_expires_on,
            status=DriverStatus.INVITED,
            version=1,
        )

    @property
    def created_at(self) -> datetime:
        return ids.created_at(self.id)

    @property
    def may_sign_in(self) -> bool:
        return self.status not in {DriverStatus.SUSPENDED, DriverStatus.OFFBOARDED}

    def accept(self) -> Self | OutputErrorContext:
        """The first login of an invited driver; after it, the papers wait to be verified."""
        return self._become(DriverStatus.PENDING_VERIFICATION)

    def activate(self, today: date) -> Self | OutputErrorContext:
        """Lets a driver whose papers were seen drive, or a suspended one again."""
        if self.licence_expires_on < today:
            return licence_expired()
        return self._become(DriverStatus.ACTIVE)

    def update(self, dto: UpdateDriverDto) -> Self:
        return replace(
            self,
            full_name=dto.full_name or self.full_name,
            phone=dto.phone or self.phone,
            email=dto.email or self.email,
            locale=dto.locale or self.locale,
            licence_number=dto.licence_number or self.licence_number,
            licence_country=dto.licence_country or self.licence_country,
            licence_classes=list(dto.licence_classes or self.licence_classes),
            licence_expires_on=dto.licence_expires_on or self.licence_expires_on,
            version=self.version + 1,
        )

    def suspend(self) -> Self | OutputErrorContext:
        return self._become(DriverStatus.SUSPENDED)

    def offboard(self) -> Self | OutputErrorContext:
        return self._become(DriverStatus.OFFBOARDED)

    def _become(self, status: DriverStatus) -> Self | OutputErrorContext:
        if status not in _NEXT[self.status]:
            return illegal_transition(Text("A driver", "Un conductor"), self.status, status)
        return replace(self, status=status, version=self.version + 1)
