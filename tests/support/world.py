"""Rows for tests to stand on, put straight into the database: believable where nobody says otherwise."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date
from typing import Any, Self

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.infrastructure.repositories.drivers_table import drivers
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.fleet_providers.infrastructure.repositories.fleet_providers_table import fleet_providers
from fleet_api.shared.domain.ids import new_id


class World:
    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._count = 0

    @classmethod
    @asynccontextmanager
    async def at(cls, database_url: str) -> AsyncIterator[Self]:
        engine = create_async_engine(database_url)
        yield cls(engine)
        await engine.dispose()

    async def add(self, table: Table, entity: Any) -> Any:
        """Puts an entity's row into its table, and answers the entity."""
        async with self.engine.begin() as connection:
            await connection.execute(insert(table).values(asdict(entity)))
        return entity

    async def provider(self, *, parent: FleetProvider | None = None, **fields: Any) -> FleetProvider:
        id = new_id()
        values: dict[str, Any] = {
            "id": id,
            "parent_id": parent.id if parent else None,
            "lineage": [*(parent.lineage if parent else ()), id],
            "legal_name": f"Provider {self._next()} AS",
            "tax_id": f"NO{self._next():09}",
            "country_code": "NO",
            "currency": "NOK",
            "timezone": "Europe/Oslo",
            "status": FleetProviderStatus.ACTIVE,
            "version": 1,
        }
        return await self.add(fleet_providers, FleetProvider(**values | fields))

    async def driver(self, provider: FleetProvider, **fields: Any) -> Driver:
        number = self._next()
        values: dict[str, Any] = {
            "id": new_id(),
            "fleet_provider_id": provider.id,
            "full_name": f"Driver {number:05}",
            "phone": f"+4790{number:06}",
            "email": f"driver{number}@example.com",
            "locale": "nb-NO",
            "licence_number": f"L{number:08}",
            "licence_country": "NO",
            "licence_classes": ["B"],
            "licence_expires_on": date(2040, 1, 1),
            "status": DriverStatus.ACTIVE,
            "version": 1,
        }
        return await self.add(drivers, Driver(**values | fields))

    def _next(self) -> int:
        self._count += 1
        return self._count
