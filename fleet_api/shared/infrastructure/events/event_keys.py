from datetime import timedelta

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.shared.infrastructure.events.events_table import event_keys

KEPT_FOR = timedelta(days=30)


async def forget_old_event_keys(connection: AsyncConnection) -> int:
    """Drops the keys that nobody will try again. A job of the maintenance run."""
    forgotten = await connection.execute(delete(event_keys).where(event_keys.c.claimed_at < func.now() - KEPT_FOR))
    return int(forgotten.rowcount)
