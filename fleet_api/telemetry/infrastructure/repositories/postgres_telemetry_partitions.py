from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.telemetry.domain.telemetry_partitions import WEEK, TelemetryPartitions
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import latest_telemetry

_LOCK = 4_711_002
_LOCK_NOT_AVAILABLE = "55P03"
_PREFIX = "telemetry_points_"


class PostgresTelemetryPartitions(TelemetryPartitions):
    """Partitions are tables and no rows of anybody: they are made beside tenancy."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hold(self) -> None:
        await self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        # To make a partition is to wait for whoever writes vehicles, to which the history refers; to drop one, for
        # whoever reads or writes the history. All who come after us wait behind us: not for long.
        await self._connection.execute(text("SET LOCAL lock_timeout = '200ms'"))

    async def existing(self) -> Collection[date]:
        names = await self._connection.execute(
            text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'telemetry_points'::regclass")
        )
        return {datetime.strptime(name.removeprefix(_PREFIX), "%Y%m%d").date() for name in names.scalars()}  # noqa: DTZ007

    async def newest_point(self) -> datetime | None:
        found = await self._connection.execute(select(func.max(latest_telemetry.c.recorded_at)))
        newest: datetime | None = found.scalar()
        return newest

    async def create(self, monday: date) -> None:
        # CREATE … PARTITION OF would shut the whole history to make an empty table; to attach one lets everybody read
        # and write it meanwhile, and its check tells that nothing in it needs a look. Dates only: none is a client's.
        name, start, end = _name(monday), f"'{monday} 00:00+00'", f"'{monday + WEEK} 00:00+00'"
        week = f"CONSTRAINT week CHECK (recorded_at >= {start} AND recorded_at < {end})"
        for statement in (
            f"CREATE TABLE {name} (LIKE telemetry_points INCLUDING ALL, {week})",
            f"ALTER TABLE telemetry_points ATTACH PARTITION {name} FOR VALUES FROM ({start}) TO ({end})",
            f"ALTER TABLE {name} DROP CONSTRAINT week",
        ):
            await self._connection.execute(text(statement))

    async def drop(self, monday: date) -> bool:
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(text(f"DROP TABLE {_name(monday)}"))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                return False
            raise
        return True


def _name(monday: date) -> str:
    return f"{_PREFIX}{monday:%Y%m%d}"
