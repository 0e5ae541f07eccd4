"""Ids of the demo's rows: UUIDv7 in form, and the same in every database, so that examples can be written down."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from fleet_api.shared.domain.ids import uuid7

EPOCH = datetime(2026, 1, 5, 8, tzinfo=UTC)


def demo_id(name: str, at: datetime = EPOCH) -> UUID:
    """The id of the row called `name`, as if it had been made at `at`."""
    return uuid7(at, sha256(name.encode()).digest()[:10])


def provider_id(slug: str) -> UUID:
    return demo_id(f"provider/{slug}")


def driver_id(slug: str, index: int) -> UUID:
    return demo_id(f"driver/{slug}/{index}", EPOCH + timedelta(minutes=index))


def vehicle_id(slug: str, index: int) -> UUID:
    return demo_id(f"vehicle/{slug}/{index}", EPOCH + timedelta(minutes=index))
