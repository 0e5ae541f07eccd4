from abc import ABC, abstractmethod
from datetime import datetime


class LoginThrottle(ABC):
    """Counts the logins that were tried and did not succeed, per phone and per address."""

    @abstractmethod
    async def admit(self, phone: str, address: str, at: datetime) -> int | None:
        """Counts one more try. When either has tried too often of late: in how many seconds it may again, from 1. An
        unknown address ("") has no count."""

    @abstractmethod
    async def forgive(self, phone: str, address: str) -> None:
        """Takes the try back, since it succeeded."""
