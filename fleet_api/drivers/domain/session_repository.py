from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fleet_api.drivers.domain.entities.driver_session import DriverSession


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose standing is asked: a driver, and the session that their token came from, if it came from one."""

    driver_id: UUID
    session_id: UUID | None


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
    async def fallen(self, standings: Sequence[Standing]) -> Sequence[Standing]:
        """Those whose driver may not sign in any more, or whose session is revoked."""
