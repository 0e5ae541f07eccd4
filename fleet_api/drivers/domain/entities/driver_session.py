"""A driver's session on one phone: the family of refresh tokens that descend from one login."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from fleet_api.shared.domain import ids

ACCESS_TOKEN_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DriverSession:
    """generation: of the newest refresh token; an older one that comes back was stolen, or its thief came first.

    refreshed_at: when that token and its access token were issued.
    """

    id: UUID
    fleet_provider_id: UUID
    driver_id: UUID
    generation: int
    refreshed_at: datetime
    revoked_at: datetime | None

    @classmethod
    def open(cls, provider_id: UUID, driver_id: UUID, at: datetime) -> Self:
        return cls(ids.new_id(), provider_id, driver_id, 0, at, None)

    @property
    def access_token_expires_at(self) -> datetime:
        return self.refreshed_at + ACCESS_TOKEN_LIFE

    @property
    def refresh_token_expires_at(self) -> datetime:
        return self.refreshed_at + SESSION_LIFE

    def stands(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.refresh_token_expires_at

    def rotate(self, at: datetime) -> Self:
        return replace(self, generation=self.generation + 1, refreshed_at=at)

    def revoke(self, at: datetime) -> Self:
        return self if self.revoked_at else replace(self, revoked_at=at)
