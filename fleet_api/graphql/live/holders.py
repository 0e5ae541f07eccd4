"""What drivers hold who follow positions: it is all that they see."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputErrorContext, Refused
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from fleet_api.vehicles.infrastructure.vehicles_depends import read_current_vehicles_depends


class Holders:
    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work
        self._watched: Counter[UUID] = Counter()
        self._unknown: set[UUID] = set()
        self._vehicle_of: dict[UUID, UUID] = {}
        self._driver_of: dict[UUID, UUID] = {}

    def of(self, vehicle_id: UUID) -> Collection[UUID]:
        """The watched drivers who hold it, as far as is known."""
        driver_id = self._driver_of.get(vehicle_id)
        return () if driver_id is None else (driver_id,)

    def watch(self, driver_id: UUID) -> None:
        self._watched[driver_id] += 1
        self.changed(driver_id)

    def forget(self, driver_id: UUID) -> None:
        self._watched[driver_id] -= 1
        if not self._watched[driver_id]:
            del self._watched[driver_id]
            self._unknown.discard(driver_id)
            self._release(driver_id)

    def changed(self, driver_id: UUID) -> None:
        """Until `learn`, nobody knows what they hold."""
        if driver_id in self._watched:
            self._release(driver_id)
            self._unknown.add(driver_id)

    async def learn(self) -> None:
        """Raises `Refused`."""
        asked, self._unknown = self._unknown, set()
        if not asked:
            return
        output = await self._unit_of_work.read(read_current_vehicles_depends, Batch(list(asked), None), Viewer.system())
        if isinstance(output, OutputErrorContext):
            self._unknown |= asked
            raise Refused(output)
        for driver_id, vehicle in output.data.items():
            if driver_id in self._watched and driver_id not in self._unknown:
                self._vehicle_of[driver_id] = vehicle.id
                self._driver_of[vehicle.id] = driver_id

    def _release(self, driver_id: UUID) -> None:
        vehicle_id = self._vehicle_of.pop(driver_id, None)
        if vehicle_id is not None and self._driver_of.get(vehicle_id) == driver_id:
            del self._driver_of[vehicle_id]
