"""Business that tells of itself: the transactions of the writers, on the driver's own connections."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.workloads import PROVIDER
from fleet_api.drivers.domain.driver_events import DriverEventKind
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.events.doorbell import Doorbell
from fleet_api.shared.infrastructure.events.postgres_event_publisher import PostgresEventPublisher
from fleet_api.vehicles.domain.vehicle_events import VehicleEventKind

VIEWER = Viewer("bench", Role.DISPATCHER, PROVIDER)
_UPDATE = "UPDATE vehicles SET odometer_m = odometer_m + 1, version = version + 1 WHERE id = $1"
_AT_ONCE = 2_000


class Business:
    """A connection that changes vehicles, and with a bell tells of it."""

    def __init__(self, connection: asyncpg.Connection, bell: Doorbell | None = None) -> None:
        self._connection = connection
        self._bell = bell
        self.told: list[Event] = []  # by the publisher, as it does to a transaction
        self._events = PostgresEventPublisher(self, VIEWER)  # type: ignore[arg-type]

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        """For the publisher, which needs no more of a transaction."""
        return list(await self._connection.fetch(sql, *arguments))

    async def change(self, vehicle: UUID) -> None:
        async with self._connection.transaction():
            await self._connection.execute(_UPDATE, vehicle)
            if self._bell is not None:
                await self._events.publish(_vehicle_changed(vehicle))
        if self._bell is not None:
            self._bell.ring(told=bool(self.told), moved={})
            self.told.clear()

    async def tell(self, events: Sequence[Event]) -> None:
        """Many, in transactions of many."""
        for start in range(0, len(events), _AT_ONCE):
            async with self._connection.transaction():
                await self._events.publish(*events[start : start + _AT_ONCE])
            self.told.clear()


def of_vehicles(vehicles: Iterable[UUID], times: int) -> list[Event]:
    return [_vehicle_changed(vehicle) for _ in range(times) for vehicle in vehicles]


def of_drivers(drivers: Iterable[UUID], times: int) -> list[Event]:
    return [
        Event(DriverEventKind.DRIVER_UPDATED, driver, PROVIDER, driver_id=driver, changed=("locale",))
        for _ in range(times)
        for driver in drivers
    ]


def _vehicle_changed(vehicle: UUID) -> Event:
    return Event(VehicleEventKind.VEHICLE_UPDATED, vehicle, PROVIDER, changed=("odometerM",))
