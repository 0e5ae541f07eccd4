from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from fleet_api.drivers.domain.credentials_repository import Credentials, CredentialsRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.infrastructure.repositories.drivers_table import driver_credentials, drivers
from fleet_api.shared.infrastructure.tenancy import TenantConnection

_MAX_CANDIDATES = 8


class PostgresCredentialsRepository(CredentialsRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_phone(self, phone: str, provider_id: UUID | None) -> Sequence[Credentials]:
        statement = (
            select(driver_credentials.c.password_hash, *drivers.columns)
            .join(drivers, drivers.c.id == driver_credentials.c.driver_id)
            .where(drivers.c.phone == phone)
            .order_by(drivers.c.id)
            .limit(_MAX_CANDIDATES)
            .with_for_update(of=drivers)
        )
        if provider_id is not None:
            statement = statement.where(drivers.c.fleet_provider_id == provider_id)
        return [Credentials(Driver(*row[1:]), row[0]) for row in await self._connection.rows(statement)]

    async def set(self, driver: Driver, password_hash: str) -> None:
        values = {"driver_id": driver.id, "fleet_provider_id": driver.fleet_provider_id, "password_hash": password_hash}
        await self._connection.execute(
            insert(driver_credentials)
            .values(values)
            .on_conflict_do_update(index_elements=["driver_id"], set_={"password_hash": password_hash})
        )
