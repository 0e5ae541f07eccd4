"""Who drove what on each of the last days: every vehicle one shift a day, every day with another driver."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from fleet_api.demo.cars import DemoCar, is_out
from fleet_api.demo.demo_ids import demo_id
from fleet_api.demo.plan import SeedPlan
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment

_STRIDE = 7


def demo_assignments(
    cars: Sequence[DemoCar], drivers: Sequence[Driver], plan: SeedPlan, midnight: datetime
) -> Iterator[VehicleAssignment]:
    """Shifts lie within their day, and a day's drivers are a rotation of the fleet's: nobody is ever in two places."""
    at_work = [driver for driver in drivers if driver.status is DriverStatus.ACTIVE]
    for ago in range(plan.days, 0, -1):
        for index, car in enumerate(cars[: len(at_work)]):
            driver = at_work[(index + ago * _STRIDE) % len(at_work)]
            yield _shift(car, index, driver, ago, midnight)


def _shift(car: DemoCar, index: int, driver: Driver, ago: int, midnight: datetime) -> VehicleAssignment:
    started_at = midnight - timedelta(days=ago) + timedelta(hours=5, minutes=index % 240)
    open_now = ago == 1 and is_out(index)
    handover_m = max(0, car.vehicle.odometer_m - ago * car.daily_m)
    return VehicleAssignment(
        id=demo_id(f"assignment/{car.vehicle.id}/{ago}", started_at),
        fleet_provider_id=car.vehicle.fleet_provider_id,
        driver_id=driver.id,
        vehicle_id=car.vehicle.id,
        started_at=started_at,
        ended_at=None if open_now else started_at + timedelta(hours=9, minutes=index % 60),
        handover_odometer_m=handover_m,
        handover_state_of_charge_pct=float(60 + index % 40),
        return_odometer_m=None if open_now else handover_m + car.daily_m,
        return_state_of_charge_pct=None if open_now else float(15 + index % 50),
        note=None,
    )
