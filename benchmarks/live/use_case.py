"""The same business as a client does it: the use case behind the mutation `updateVehicle`."""

import itertools
import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from benchmarks.live.business import VIEWER
from fleet_api.graphql.app import make_services
from fleet_api.settings import Settings
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.events.doorbell import Doorbell
from fleet_api.shared.infrastructure.events.postgres_event_publisher import PostgresEventPublisher
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from fleet_api.vehicles.domain.vehicle_dto import UpdateVehicleDto
from fleet_api.vehicles.infrastructure.vehicles_depends import update_vehicle_depends

# Of eight connections, three write.
_CONNECTIONS = 3 * 8
_LEAST_KWH, _KWH = 10, 1_990


class UseCase:
    """Each change gives the vehicle another battery."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work
        self._batteries = itertools.count(random.randrange(_KWH))

    async def change(self, vehicle: UUID) -> None:
        dto = UpdateVehicleDto(vehicle_id=vehicle, usable_battery_kwh=_LEAST_KWH + next(self._batteries) % _KWH)
        output = await self._unit_of_work.write(update_vehicle_depends, dto, VIEWER)
        if isinstance(output, OutputErrorContext):
            raise RuntimeError(output.code)


@asynccontextmanager
async def use_case(url: str, bell: Doorbell, *, telling: bool) -> AsyncIterator[UseCase]:
    """It rings the bell itself."""
    if not telling:
        PostgresEventPublisher.publish = _keep_to_oneself  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as keys:
        services = make_services(Settings(data_dir=Path(keys)))
    database = Database(url, pool_size=_CONNECTIONS)
    try:
        yield UseCase(UnitOfWork(database, services, bell))
    finally:
        await database.close()


async def _keep_to_oneself(publisher: PostgresEventPublisher, *events: Event) -> None: ...
