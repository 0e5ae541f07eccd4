"""What was written down, as the database keeps it."""

from typing import Any

from sqlalchemy import select

from fleet_api.shared.infrastructure.audit.audit_table import audit_entries
from tests.support.world import World


async def entries(world: World) -> list[Any]:
    """In the order of their times."""
    async with world.engine.connect() as connection:
        statement = select(audit_entries).order_by(audit_entries.c.occurred_at, audit_entries.c.id)
        return list(await connection.execute(statement))
