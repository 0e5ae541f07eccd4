from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_session import DriverSession


@dataclass(frozen=True, slots=True)
class Credentials:
    driver: Driver
    password_hash: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose standing is asked: a driver, and the session that their token came from, if it came from one."""

    driver_id: UUID
    session_id: UUID | None


class CredentialsRepository(ABC):
    """Password hashes, kept apart from drivers so that reading a driver never reads one."""

    @abstractmethod
    async def by_phone(self, phone: str, provider_id: UUID | None) -> Sequence[Credentials]:
        """Of whichever providers' drivers have that phone and a password, at most eight, locked."""

    @abstractmethod
    async def set(self, driver: Driver, password_hash: str) -> None: ...


class SessionRepository(ABC):
    @abstractmethod
    async def hold(self, id: UUID) -> DriverSession | None:
        """The session, locked until the unit of work ends."""

    @abstractmethod
    async def add(self, session: DriverSession) -> None: ...

    @abstractmethod
    async def save(self, session: DriverSession) -> None: ...

    @abstractmethod
    async def revoke_all(self, driver_id: UUID, at: datetime) -> None: ...

    @abstractmethod
    async def fallen(self, standings: Sequence[Standing], at: datetime) -> Sequence[Standing]:
        """Those whose driver may not sign in any more, or whose session is revoked."""


class LoginThrottle(ABC):
    """Counts failed logins per phone and per address."""

    @abstractmethod
    async def admits(self, phone: str, address: str, at: datetime) -> bool:
        """False while either has failed too often of late."""

    @abstractmethod
    async def record_failure(self, phone: str, address: str, at: datetime) -> None: ...
