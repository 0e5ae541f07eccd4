"""UUIDv7 (RFC 9562): unique without asking the database, and in the order of their making."""

import os
from datetime import UTC, datetime
from uuid import UUID

_RANDOM_BITS = 80
_VERSION = 7 << 76
_VARIANT = 2 << 62
_FIXED = 0xF << 76 | 3 << 62


def new_id(at: datetime | None = None) -> UUID:
    """A fresh id, stamped with `at` (default: now)."""
    return uuid7(at or datetime.now(UTC), os.urandom(10))


def uuid7(at: datetime, noise: bytes) -> UUID:
    """The id made of a time, to the millisecond, and of 80 bits of which six are lost."""
    random = int.from_bytes(noise) & ~_FIXED
    return UUID(int=int(at.timestamp() * 1000) << _RANDOM_BITS | _VERSION | _VARIANT | random)


def created_at(id: UUID) -> datetime:
    """The time that an id carries."""
    return datetime.fromtimestamp(int.from_bytes(id.bytes[:6]) / 1000, UTC)
