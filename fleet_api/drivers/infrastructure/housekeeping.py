"""What signing in leaves behind."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.drivers.domain.entities.driver_session import SESSION_LIFE
from fleet_api.drivers.infrastructure.repositories.drivers_table import driver_sessions, login_failures
from fleet_api.drivers.infrastructure.repositories.postgres_login_throttle import WINDOW


async def forget_old_sign_ins(connection: AsyncConnection, now: datetime) -> None:
    """Drops sessions that ended long ago and counts of tries that count no more. A job of the maintenance run."""
    await connection.execute(delete(driver_sessions).where(driver_sessions.c.refreshed_at < now - SESSION_LIFE))
    await connection.execute(delete(login_failures).where(login_failures.c.window_started_at < now - WINDOW))
