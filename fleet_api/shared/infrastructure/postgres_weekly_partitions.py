from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Select, Table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.shared.domain.weekly_partitions import WEEK, WeeklyPartitions

_LOCK = 4_711_002
_LOCK_NOT_AVAILABLE = "55P03"


class PostgresWeeklyPartitions(WeeklyPartitions):
    """Of a table that is partitioned by the range of one column of time.

    newest: asks for the time of its newest row. Partitions are tables and no rows of anybody: they are made beside
    tenancy.
    """

    def __init__(self, connection: AsyncConnection, table: Table, newest: Select[datetime]) -> None:
        self._connection = connection
        self._newest = newest
        self._table = table.name
        self._column = str(table.dialect_options["postgresql"]["partition_by"]).removeprefix("RANGE (").rstrip(")")

    async def hold(self) -> None:
        await self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        # To make a partition is to wait for whoever writes what the table refers to; to drop one, for whoever reads or
        # writes the table. All who come after us wait behind us: not for long.
        await self._connection.execute(text("SET LOCAL lock_timeout = '200ms'"))

    async def existing(self) -> Collection[date]:
        names = await self._connection.execute(
            text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:name AS regclass)"),
            {"name": self._table},
        )
        return {datetime.strptime(name[-8:], "%Y%m%d").date() for name in names.scalars()}  # noqa: DTZ007

    async def newest(self) -> datetime | None:
        found: datetime | None = (await self._connection.execute(self._newest)).scalar()
        return found

    async def create(self, monday: date) -> None:
        # CREATE … PARTITION OF would shut the whole table to make an empty one; to attach one lets everybody read and
        # write it meanwhile, and its check tells that nothing in it needs a look. Dates only: none is a client's.
        name, start, end = self._name(monday), f"'{monday} 00:00+00'", f"'{monday + WEEK} 00:00+00'"
        week = f"CONSTRAINT week CHECK ({self._column} >= {start} AND {self._column} < {end})"
        for statement in (
            f"CREATE TABLE {name} (LIKE {self._table} INCLUDING ALL, {week})",
            f"ALTER TABLE {self._table} ATTACH PARTITION {name} FOR VALUES FROM ({start}) TO ({end})",
            f"ALTER TABLE {name} DROP CONSTRAINT week",
        ):
            await self._connection.execute(text(statement))

    async def drop(self, monday: date) -> bool:
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(text(f"DROP TABLE {self._name(monday)}"))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                return False
            raise
        return True

    def _name(self, monday: date) -> str:
        return f"{self._table}_{monday:%Y%m%d}"
