from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fleet_api.drivers.domain.entities.driver import Driver


@dataclass(frozen=True, slots=True)
class Credentials:
    driver: Driver
    password_hash: str


class CredentialsRepository(ABC):
    """Password hashes, kept apart from drivers so that reading a driver never reads one."""

    @abstractmethod
    async def by_phone(self, phone: str, provider_id: UUID | None) -> Sequence[Credentials]:
        """Of whichever providers' drivers have that phone and a password, at most eight, locked."""

    @abstractmethod
    async def set(self, driver: Driver, password_hash: str) -> None: ...
