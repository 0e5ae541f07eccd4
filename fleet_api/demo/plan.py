"""How big a seeded world is, and when its last day ends."""

from dataclasses import dataclass
from datetime import UTC, datetime

DEMO_PASSWORD = "drive-electric-2026"  # noqa: S105 - of people who do not exist, in a database on this machine


@dataclass(frozen=True, slots=True)
class SeedPlan:
    """Numbers are per provider, and there are two. points: of each vehicle's last day; None for a whole day's worth."""

    drivers: int
    vehicles: int
    days: int
    points: int | None


DEMO = SeedPlan(drivers=170, vehicles=150, days=30, points=None)
BENCH = SeedPlan(drivers=10_000, vehicles=5_000, days=6, points=20)


def last_midnight() -> datetime:
    """Where seeded time ends: worlds that are seeded on one day (UTC) are the same to the last digit."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
