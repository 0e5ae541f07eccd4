"""What vehicles did within a span of time, by hand."""

from datetime import timedelta
from typing import Any

import pytest

from fleet_api.shared.domain.permission import Role
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from tests.support.api import Api, global_id
from tests.support.telemetry import START, drive, record, told
from tests.support.world import World

METRICS = """query($id: ID!, $from: DateTime, $to: DateTime) { vehicle(id: $id) { metrics(from: $from, to: $to) {
  distanceM energyOutKwh energyRegenKwh consumptionKwhPer100Km chargedKwh drivingSeconds idleSeconds utilisationPct
} } }"""


async def test_metrics_by_hand(api: Api, world: World) -> None:
    """vehicles rule 5."""
    car = await world.vehicle(await world.provider())
    await drive(api, car)
    # A phone in between, which knows no counter; then a charge of 6 minutes at 50 kW, and 20 minutes of silence.
    await record(
        api,
        car,
        told(car, 90, source="phone", speedKph=36),
        told(car, 660, pluggedIn=True, chargingPowerKw=50, speedKph=0),
        told(car, 1_020, pluggedIn=True, chargingPowerKw=0, speedKph=0),
        told(car, 1_080, speedKph=0),
        told(car, 1_080 + 1_200, speedKph=0),
    )
    span = {"from": START.isoformat(), "to": (START + timedelta(hours=1)).isoformat()}
    data = await api.as_role(Role.DISPATCHER, car.fleet_provider_id).data(
        METRICS, {"id": global_id("Vehicle", car.id), **span}
    )
    metrics = data["vehicle"]["metrics"]
    # Consumed 0.4 - 0.03 kWh over 1.2 km. Drives from 60 to 180 s. Stands from 0 to 60, from 180 to 660, from 1,080 on
    # for the 15 minutes that a silence counts.
    assert metrics == {
        "distanceM": 1_200,
        "energyOutKwh": pytest.approx(0.4),
        "energyRegenKwh": pytest.approx(0.03),
        "consumptionKwhPer100Km": pytest.approx(0.37 / 1.2 * 100),
        "chargedKwh": pytest.approx(5.0),
        "drivingSeconds": 120,
        "idleSeconds": 60 + 480 + 900,
        "utilisationPct": pytest.approx(100 * 120 / 3_600),
    }


async def test_no_consumption_under_a_kilometre(api: Api, world: World) -> None:
    """vehicles rule 5."""
    car = await world.vehicle(await world.provider())
    fall = told(car, 2, odometerM=2_000_999, energyOutWh=100)
    points = [told(car, 0, odometerM=2_000_000, energyOutWh=5_000), told(car, 1, energyOutWh=5_010), fall]
    await record(api, car, *points)
    data = await api.as_role(Role.DISPATCHER, car.fleet_provider_id).data(METRICS, {"id": global_id("Vehicle", car.id)})
    metrics = data["vehicle"]["metrics"]
    assert (metrics["distanceM"], metrics["consumptionKwhPer100Km"]) == (999, None)
    # A counter that fell, as that of a battery that was replaced, has not grown.
    assert metrics["energyOutKwh"] == pytest.approx(0.01)


async def test_a_second_source_takes_nothing_from_the_first(api: Api, world: World) -> None:
    """vehicles rule 5: what one source does not measure, it does not end."""
    north = await world.provider()
    alone, both = await world.vehicle(north), await world.vehicle(north)
    own = {"speedKph": 50, "chargingPowerKw": 10}
    for car in (alone, both):
        await record(api, car, *(told(car, 60 * n, **own, odometerM=2_000_000 + 800 * n) for n in range(11)))
    await record(api, both, *(told(both, 60 * n + 30, source="phone") for n in range(10)))
    one, other = [(await _metrics(api, car)) for car in (alone, both)]
    assert one == other
    assert (one["drivingSeconds"], one["distanceM"], one["chargedKwh"]) == (600, 8_000, pytest.approx(10 / 6))


async def test_a_late_low_odometer_invents_no_distance(api: Api, world: World) -> None:
    """vehicles rule 5: the odometer never falls, and so never rises again either."""
    car = await world.vehicle(await world.provider())
    await record(api, car, told(car, 0, odometerM=2_000_000), told(car, 60, odometerM=2_001_000))
    await record(api, car, told(car, 30, source="phone", odometerM=1_500_000))
    assert (await _metrics(api, car))["distanceM"] == 1_000


async def _metrics(api: Api, car: Vehicle) -> Any:
    viewer = api.as_role(Role.DISPATCHER, car.fleet_provider_id)
    return (await viewer.data(METRICS, {"id": global_id("Vehicle", car.id)}))["vehicle"]["metrics"]
