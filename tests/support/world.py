"""Rows for tests to stand on, put straight into the database: believable where nobody says otherwise."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
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
from fleet_api.vehicles.domain.connector_standard import ConnectorStandard
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import (
    vehicle_assignments,
    vehicle_models,
    vehicles,
)


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

    async def vehicle_model(self, **fields: Any) -> VehicleModel:
        values: dict[str, Any] = {
            "id": new_id(),
            "make": "Volkswagen",
            "name": f"ID.{self._next()}",
            "variant": "Pro",
            "year": 2024,
            "usable_battery_kwh": 77.0,
            "connector_types": [ConnectorStandard.IEC_62196_T2_COMBO, ConnectorStandard.IEC_62196_T2],
            "ac_max_kw": 11.0,
            "dc_max_kw": 135.0,
            "range_m": 550_000,
        }
        return await self.add(vehicle_models, VehicleModel(**values | fields))

    async def vehicle(self, provider: FleetProvider, model: VehicleModel | None = None, **fields: Any) -> Vehicle:
        """Of a model of its own where none is given."""
        number = self._next()
        values: dict[str, Any] = {
            "id": new_id(),
            "fleet_provider_id": provider.id,
            "vin": f"WVWZZZE1ZMP{number:06}",
            "plate": f"EL {number:05}",
            "plate_country": "NO",
            "model_id": (model or await self.vehicle_model()).id,
            "usable_battery_kwh": 77.0,
            "status": VehicleStatus.AVAILABLE,
            "odometer_m": 1_000_000,
            "version": 1,
        }
        return await self.add(vehicles, Vehicle(**values | fields))

    async def assignment(self, vehicle: Vehicle, driver: Driver, **fields: Any) -> VehicleAssignment:
        """Open since the start of 2026. The vehicle's status is its maker's matter."""
        values: dict[str, Any] = {
            "id": new_id(),
            "fleet_provider_id": vehicle.fleet_provider_id,
            "driver_id": driver.id,
            "vehicle_id": vehicle.id,
            "started_at": datetime(2026, 1, 1, tzinfo=UTC),
            "ended_at": None,
            "handover_odometer_m": vehicle.odometer_m,
            "handover_state_of_charge_pct": 80.0,
            "return_odometer_m": None,
            "return_state_of_charge_pct": None,
            "note": None,
        }
        return await self.add(vehicle_assignments, VehicleAssignment(**values | fields))

    def _next(self) -> int:
        self._count += 1
        return self._count
