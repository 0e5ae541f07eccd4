"""What was told, as the database keeps it."""

from typing import Any

from sqlalchemy import select

from fleet_api.shared.infrastructure.events.events_table import events
from tests.support.world import World


async def told(world: World) -> list[Any]:
    """In the order of the log."""
    async with world.engine.connect() as connection:
        return list(await connection.execute(select(events).order_by(events.c.id)))


def by_subject(rows: list[Any]) -> dict[Any, list[int]]:
    """The numbers of each subject's events, in the order of the log."""
    numbers: dict[Any, list[int]] = {}
    for row in rows:
        numbers.setdefault(row.subject_id, []).append(row.sequence)
    return numbers
