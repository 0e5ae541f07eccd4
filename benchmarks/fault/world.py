"""The fleet that everything happens to: two providers under one, and a database that may die at any moment."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import create_async_engine

from fleet_api.demo.world.vins import vin
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.infrastructure.repositories.drivers_table import drivers
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.fleet_providers.infrastructure.repositories.fleet_providers_table import fleet_providers
from fleet_api.graphql.app import maintain_once, make_services
from fleet_api.migrations import migrate
from fleet_api.settings import Seed, Settings
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from fleet_api.tokens import mint
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicle_models, vehicles

DRIVERS = VEHICLES = 25
"""Of each provider."""

_TTL = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Provider:
    id: UUID
    drivers: Sequence[UUID]
    vehicles: Sequence[UUID]


class World:
    """group: the provider above the two others."""

    def __init__(self, postgres: EmbeddedPostgres, data_dir: Path) -> None:
        self._postgres = postgres
        self.data_dir = data_dir
        self.settings = Settings(data_dir=data_dir, seed=Seed.NONE)
        self._services = make_services(self.settings)
        self.group = new_id()
        self.providers = [
            Provider(new_id(), [new_id() for _ in range(DRIVERS)], [new_id() for _ in range(VEHICLES)])
            for _ in range(2)
        ]

    @property
    def url(self) -> str:
        return self._postgres.url()

    def token(self, role: Role, provider: UUID | None, subject: str) -> str:
        return mint(self._services, role, provider, subject, _TTL)

    def postmaster(self) -> int | None:
        """The process id of the PostgreSQL that runs, or None while none does."""
        try:
            return int((self._postgres.data_dir / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError, ValueError):
            return None

    def stop_postgres_immediately(self) -> None:
        """As after a loss of power, but for the disk: it is started again by itself."""
        pid = self.postmaster()
        if pid is not None:
            os.kill(pid, signal.SIGQUIT)

    async def make(self) -> None:
        model = VehicleModel(
            id=new_id(),
            make="Volkswagen",
            name="ID.4",
            variant="Pro",
            year=2024,
            usable_battery_kwh=77.0,
            connector_types=[],
            ac_max_kw=11.0,
            dc_max_kw=None,
            range_m=None,
        )
        engine = create_async_engine(self.url)
        async with engine.begin() as connection:
            await connection.execute(insert(vehicle_models).values(asdict(model)))
            for number, id in enumerate([self.group, *(provider.id for provider in self.providers)]):
                await connection.execute(insert(fleet_providers).values(asdict(self._provider(id, number))))
            for number, provider in enumerate(self.providers):
                people = (_driver(id, provider.id, index) for index, id in enumerate(provider.drivers))
                await connection.execute(insert(drivers), [asdict(each) for each in people])
                cars = (
                    _vehicle(id, provider.id, model, number * VEHICLES + index)
                    for index, id in enumerate(provider.vehicles)
                )
                await connection.execute(insert(vehicles), [asdict(each) for each in cars])
        await engine.dispose()

    def _provider(self, id: UUID, number: int) -> FleetProvider:
        is_group = id == self.group
        return FleetProvider(
            id=id,
            parent_id=None if is_group else self.group,
            lineage=[id] if is_group else [self.group, id],
            legal_name=f"Provider {number}",
            tax_id=f"NO{number:09}",
            country_code="NO",
            currency="NOK",
            timezone="Europe/Oslo",
            status=FleetProviderStatus.ACTIVE,
            version=1,
        )


@contextmanager
def world() -> Iterator[World]:
    """Runs a PostgreSQL until the block ends, again and again should it die; nothing is left of it."""
    with tempfile.TemporaryDirectory(prefix="fleet-api-fault-", ignore_cleanup_errors=True) as scratch:
        Path(scratch).chmod(0o755)  # as root, PostgreSQL runs as nobody
        with EmbeddedPostgres(Path(scratch) / "postgres") as postgres:
            postgres.supervise()
            made = World(postgres, Path(scratch))
            migrate(made.url)
            if not asyncio.run(maintain_once(made.settings, made.url)):
                raise RuntimeError("the housekeeping failed")
            asyncio.run(made.make())
            yield made


def _driver(id: UUID, provider: UUID, index: int) -> Driver:
    return Driver(
        id=id,
        fleet_provider_id=provider,
        full_name=f"Driver {index:05}",
        phone=f"+4790{index:06}",
        email=f"driver{index}@example.com",
        locale="nb-NO",
        licence_number=f"L{index:08}",
        licence_country="NO",
        licence_classes=["B"],
        licence_expires_on=date(datetime.now(UTC).year + 10, 1, 1),
        status=DriverStatus.ACTIVE,
        version=1,
    )


def _vehicle(id: UUID, provider: UUID, model: VehicleModel, number: int) -> Vehicle:
    values: dict[str, Any] = {
        "vin": vin(model.make, model.year, number),
        "plate": f"EL {number:05}",
        "plate_country": "NO",
    }
    return Vehicle(
        id=id,
        fleet_provider_id=provider,
        model_id=model.id,
        usable_battery_kwh=model.usable_battery_kwh,
        status=VehicleStatus.AVAILABLE,
        odometer_m=1_000_000,
        version=1,
        **values,
    )
