from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.telemetry.domain.telemetry_partitions import WEEK, TelemetryPartitions

_LOCK = 4_711_002
_PREFIX = "telemetry_points_"


class PostgresTelemetryPartitions(TelemetryPartitions):
    """Partitions are tables and no rows of anybody: they are made beside tenancy."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hold(self) -> None:
        # A partition is made and dropped under a short but total lock of the history: if a long query holds it, rather
        # try again later than let everybody queue up behind us.
        await self._connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        await self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})

    async def existing(self) -> Collection[date]:
        names = await self._connection.execute(
            text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'telemetry_points'::regclass")
        )
        return {datetime.strptime(name.removeprefix(_PREFIX), "%Y%m%d").date() for name in names.scalars()}  # noqa: DTZ007

    async def create(self, monday: date) -> None:
        # Dates only: nothing in it comes from anybody.
        await self._connection.execute(
            text(
                f"CREATE TABLE {_name(monday)} PARTITION OF telemetry_points "
                f"FOR VALUES FROM ('{monday} 00:00+00') TO ('{monday + WEEK} 00:00+00')"
            )
        )

    async def drop(self, monday: date) -> None:
        await self._connection.execute(text(f"DROP TABLE {_name(monday)}"))


def _name(monday: date) -> str:
    return f"{_PREFIX}{monday:%Y%m%d}"
