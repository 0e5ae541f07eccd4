from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from fleet_api.demo.world.catalogue import CATALOGUE
from fleet_api.demo.world.drive import Drive, TrackPoint, day_of_points
from fleet_api.demo.world.energy import Car
from fleet_api.demo.world.routes import ROUTES, position_at

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
ROUTE = ROUTES["north"][0]
CARS = [Car(model.usable_battery_kwh, model.ac_max_kw, model.dc_max_kw, model.range_m) for model in CATALOGUE]
HYBRID = Car(usable_battery_kwh=5.4, ac_max_kw=3.3, dc_max_kw=None, range_m=None)


def a_day(seed: int, car: Car = CARS[0]) -> list[TrackPoint]:
    return day_of_points(
        Random(seed), route=ROUTE, car=car, air_c=7.0, start=START, odometer_m=41_234.5, every_seconds=180
    )


def a_drive(seed: int, car: Car = CARS[0], state_of_charge_pct: float = 60.0) -> Drive:
    return Drive(
        Random(seed),
        route=ROUTE,
        car=car,
        air_c=7.0,
        at=START,
        odometer_m=41_234.5,
        state_of_charge_pct=state_of_charge_pct,
        state_of_health_pct=95.0,
        energy_out_wh=8_000.0,
        energy_regen_wh=1_600.0,
    )


@pytest.mark.parametrize("seed", range(24))
def test_a_day_obeys_physics(seed: int) -> None:
    car = CARS[seed]
    points = a_day(seed, car)
    for earlier, later in pairwise(points):
        seconds = (later.recorded_at - earlier.recorded_at).total_seconds()
        assert seconds > 0
        assert 0 <= later.odometer_m - earlier.odometer_m <= seconds * 22 + 1
        assert later.energy_out_wh >= earlier.energy_out_wh
        assert later.energy_regen_wh >= earlier.energy_regen_wh
    for point in points:
        assert 0 <= point.state_of_charge_pct <= 100
        assert 0 <= point.speed_kph <= 80
        assert 0 <= point.heading_deg < 360
        assert 300 < point.battery_voltage_v < 425
        assert 7 <= point.battery_temperature_c <= 60
        assert 0 <= point.charging_power_kw <= max(car.ac_max_kw, car.dc_max_kw or 0)
        assert point.plugged_in or point.charging_power_kw == 0
        assert not (point.plugged_in and point.speed_kph)


@pytest.mark.parametrize("seed", range(24))
def test_a_day_in_town_takes_12_to_25_kwh_per_100_km(seed: int) -> None:
    first, *_, last = a_day(seed, CARS[seed])
    net_wh = (last.energy_out_wh - first.energy_out_wh) - (last.energy_regen_wh - first.energy_regen_wh)
    km = (last.odometer_m - first.odometer_m) / 1_000
    assert 150 < km < 600
    assert 12 < net_wh / km / 10 < 25


@pytest.mark.parametrize("seed", range(8))
def test_the_battery_gives_what_the_counters_say(seed: int) -> None:
    """Between two points without a charger, the state of charge falls by just what went out less what came back."""
    car = CARS[seed]
    for earlier, later in pairwise(a_day(seed, car)):
        if later.charging_power_kw or earlier.plugged_in or later.state_of_charge_pct > earlier.state_of_charge_pct:
            continue
        net_wh = (later.energy_out_wh - earlier.energy_out_wh) - (later.energy_regen_wh - earlier.energy_regen_wh)
        capacity_wh = car.usable_battery_kwh * 1_000 * later.state_of_health_pct / 100
        fallen = (earlier.state_of_charge_pct - later.state_of_charge_pct) / 100 * capacity_wh
        assert fallen == pytest.approx(net_wh, abs=2 + capacity_wh * 0.0006)


def test_a_day_begins_on_time_and_fills_24_hours() -> None:
    points = a_day(3)
    assert points[0].recorded_at == START
    assert START + timedelta(hours=23) < points[-1].recorded_at < START + timedelta(days=1)
    assert 200 < len(points) < 480


def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    assert a_day(5) == a_day(5)
    assert a_day(5) != a_day(6)


@pytest.mark.parametrize("car", [CARS[12], HYBRID], ids=["40 kWh", "plug-in hybrid"])
def test_what_happens_does_not_depend_on_how_often_one_looks(car: Car) -> None:
    often, seldom = a_drive(1, car), a_drive(1, car)
    for _ in range(48):
        for _ in range(899):
            often.step(1)
        one, other = often.step(1), seldom.step(900)
        assert one.recorded_at == other.recorded_at
        assert one.plugged_in == other.plugged_in
        assert one[1:5] == pytest.approx(other[1:5], abs=0.2)
        assert one[6:16] == pytest.approx(other[6:16], abs=1)


def test_a_low_battery_is_charged_until_full_and_the_car_goes_on() -> None:
    drive = a_drive(2, CARS[0], state_of_charge_pct=10.0)
    first = drive.step(0)
    assert first.plugged_in
    assert first.charging_power_kw > 40
    assert first.battery_current_a < 0
    charging = first
    while (point := drive.step(30)).plugged_in:
        assert point.odometer_m == first.odometer_m
        assert point.state_of_charge_pct >= charging.state_of_charge_pct
        assert point.charging_power_kw <= charging.charging_power_kw
        charging = point
    assert charging.state_of_charge_pct > 99
    assert drive.step(1_800).odometer_m > first.odometer_m


def test_a_small_battery_without_dc_charges_on_ac_and_never_runs_empty() -> None:
    drive = a_drive(4, HYBRID)
    points = [drive.step(60) for _ in range(3 * 1_440)]
    assert min(point.state_of_charge_pct for point in points) > 0
    assert max(point.charging_power_kw for point in points) == 3.3


def test_a_rest_is_spent_plugged_in_at_the_depot() -> None:
    drive = a_drive(7)
    drive.rest(8 * 3_600)
    drive.step(600)
    assert drive.resting
    night = [drive.step(3_600) for _ in range(6)]
    assert {point.odometer_m for point in night} == {night[0].odometer_m}
    assert all(point.plugged_in for point in night)
    drive.step(2 * 3_600)
    assert not drive.resting


def test_a_live_car_stops_and_goes() -> None:
    drive = a_drive(9)
    speeds = [drive.step(1).speed_kph for _ in range(900)]
    assert 0.0 in speeds
    assert max(speeds) > 35
    assert max(abs(after - before) for before, after in pairwise(speeds)) < 8  # no more than 2.2 m/s in a second


def test_a_drive_goes_on_from_a_latest_point() -> None:
    last = a_drive(1).step(5_000)
    again = Drive(
        Random(1),
        route=ROUTE,
        car=CARS[0],
        air_c=7.0,
        at=last.recorded_at,
        odometer_m=last.odometer_m,
        state_of_charge_pct=last.state_of_charge_pct,
        state_of_health_pct=last.state_of_health_pct,
        energy_out_wh=last.energy_out_wh,
        energy_regen_wh=last.energy_regen_wh,
    ).step(0)
    assert again.odometer_m == last.odometer_m
    assert (again.latitude, again.longitude) == pytest.approx((last.latitude, last.longitude), abs=2e-5)
    assert again.state_of_charge_pct == pytest.approx(last.state_of_charge_pct, abs=0.01)
    assert (again.energy_out_wh, again.energy_regen_wh) == (last.energy_out_wh, last.energy_regen_wh)


def test_the_place_follows_from_the_odometer() -> None:
    for point in a_day(11):
        assert position_at(ROUTE, point.odometer_m)[:2] == pytest.approx((point.latitude, point.longitude), abs=2e-5)
