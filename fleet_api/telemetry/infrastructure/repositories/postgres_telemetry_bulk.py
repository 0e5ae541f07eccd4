from collections.abc import AsyncIterator

from sqlalchemy import Column

from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.telemetry.domain.points import Points
from fleet_api.telemetry.infrastructure.repositories.binary_records import binary_records
from fleet_api.telemetry.infrastructure.repositories.postgres_telemetry_repository import PostgresTelemetryRepository
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import telemetry_points

_COLUMNS: list[Column[object]] = [column for column in telemetry_points.columns if column.name != "received_at"]
_NAMES = ", ".join(column.name for column in _COLUMNS)
_STAGED = f"""CREATE TEMPORARY TABLE IF NOT EXISTS staged ON COMMIT DELETE ROWS AS
SELECT {_NAMES} FROM telemetry_points WITH NO DATA"""  # noqa: S608 - of names of ours
# Beside tenancy: it writes only, and only of vehicles that were held with it.
_ADD = f"""INSERT INTO telemetry_points ({_NAMES}, received_at)
SELECT {_NAMES}, $1 FROM staged ON CONFLICT DO NOTHING"""  # noqa: S608 - of names of ours


class PostgresTelemetryBulk(PostgresTelemetryRepository):
    """Adds many points by COPY, which cannot pass over what is there already, and so goes by way of a stage."""

    def __init__(self, connection: TenantConnection, transaction: Transaction) -> None:
        super().__init__(connection)
        self._transaction = transaction

    async def add(self, points: Points) -> None:
        driver = (await self._transaction.connection.get_raw_connection()).driver_connection
        if driver is None:
            raise ConnectionError("the connection is gone")
        await driver.execute(_STAGED)
        told = [column for column in _COLUMNS if len(points.column(column.name))]
        names = [column.name for column in told]
        records = binary_records([(column, points.column(column.name)) for column in told])
        await driver.copy_to_table("staged", source=_once(records), columns=names, format="binary")
        await driver.execute(_ADD, points.received_at)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
