"""What signing in needs from outside. The kernel's adapters fit these by their shape."""

from typing import Protocol
from uuid import UUID


class Passwords(Protocol):
    async def hash(self, password: str) -> str: ...

    async def verify(self, hash: str | None, password: str) -> bool:
        """False for a missing hash, at the same price as for a wrong password."""
        ...


class RefreshTokenReader(Protocol):
    def decode(self, token: str) -> tuple[UUID, int] | None:
        """The session and the generation, or None for what we have not issued."""
        ...
