from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

from sqlalchemy import Column

from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.telemetry.domain.points import Points
from fleet_api.telemetry.domain.reports import Reports
from fleet_api.telemetry.infrastructure.repositories.binary_records import binary_records
from fleet_api.telemetry.infrastructure.repositories.postgres_telemetry_repository import PostgresTelemetryRepository
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import telemetry_points

_COLUMNS: Sequence[Column[Any]] = [column for column in telemetry_points.columns if column.name != "received_at"]
_REPORTED = [column for column in _COLUMNS if column.name != "fleet_provider_id"]
_NAMES = ", ".join(column.name for column in _REPORTED)
_STAGED = f"""CREATE TEMPORARY TABLE IF NOT EXISTS staged ON COMMIT DELETE ROWS AS
SELECT {_NAMES}, fleet_provider_id FROM telemetry_points WITH NO DATA"""  # noqa: S608 - of names of ours
# Beside tenancy: it writes only, and only of vehicles that were held with it.
_ADD = f"""INSERT INTO telemetry_points ({_NAMES}, fleet_provider_id, received_at)
SELECT {_NAMES}, coalesce(fleet_provider_id, $1), $2 FROM staged ON CONFLICT DO NOTHING"""  # noqa: S608

_MANY = 1_000
"""Points from which on the way by the stage is the shorter one."""


@dataclass(frozen=True, slots=True)
class RecordedReports(Reports):
    """Reports with what of them will be copied, if all of them are believed. names: of the columns."""

    names: Sequence[str] = ()
    records: bytes = b""

    @classmethod
    def of_reports(cls, reports: Reports) -> Self:
        told = {field.name: getattr(reports, field.name) for field in fields(reports)}
        return cls(**told, names=_names(columns := _told(_REPORTED, told.__getitem__)), records=binary_records(columns))


def _rest() -> None:
    """What most do while PostgreSQL works."""


class PostgresTelemetryBulk(PostgresTelemetryRepository):
    """Adds many points by COPY, which cannot pass over what is there already, and so goes by way of a stage.

    meanwhile: is called when there is time, as PostgreSQL works.
    """

    def __init__(
        self, connection: TenantConnection, transaction: Transaction, meanwhile: Callable[[], None] = _rest
    ) -> None:
        super().__init__(connection)
        self._transaction = transaction
        self._meanwhile = meanwhile

    async def add(self, points: Points) -> None:
        if len(points) < _MANY:
            return await super().add(points)
        driver = (await self._transaction.connection.get_raw_connection()).driver_connection
        if driver is None:
            raise ConnectionError("the connection is gone")
        await driver.execute(_STAGED)
        provider = points.provider
        if provider and points.are_all and isinstance(points.reports, RecordedReports):
            names, records = points.reports.names, points.reports.records
        else:
            columns = _told(_REPORTED if provider else _COLUMNS, points.column)
            names, records = _names(columns), binary_records(columns)
        await driver.copy_to_table("staged", source=_once(records), columns=names, format="binary")
        self._meanwhile()
        await driver.execute(_ADD, provider, points.received_at)
        return None


def _told(
    columns: Sequence[Column[Any]], values_of: Callable[[str], Sequence[Any]]
) -> Sequence[tuple[Column[Any], Sequence[Any]]]:
    return [(column, values) for column in columns if (values := values_of(column.name))]


def _names(columns: Sequence[tuple[Column[Any], Sequence[Any]]]) -> Sequence[str]:
    return [column.name for column, _ in columns]


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
