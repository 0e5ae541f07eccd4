from itertools import pairwise

import pytest

from fleet_api.demo.world.energy import AUXILIARY_W, Car, Charge, Leg, Stretch, Wait

CAR = Car(usable_battery_kwh=60, ac_max_kw=11, dc_max_kw=130, range_m=450_000)
CAPACITY_J = 60 * 3.6e6
LEG = Leg(CAR, cruise_mps=13.0, accel=1.2, brake=1.5, cruise_s=30.0, stand_s=20.0)
STRETCHES = [
    pytest.param(LEG, id="leg"),
    pytest.param(Wait(600.0), id="wait"),
    pytest.param(Charge(CAPACITY_J, 0.10, 130_000), id="fast charge"),
    pytest.param(Charge(CAPACITY_J, 0.95, 130_000), id="fast charge of a full battery"),
    pytest.param(Charge(CAPACITY_J, 0.40, 11_000, seconds=12 * 3_600.0), id="night at the depot"),
    pytest.param(Charge(CAPACITY_J, 1.0, 11_000, seconds=3_600.0), id="nothing to charge"),
]


@pytest.mark.parametrize("stretch", STRETCHES)
def test_distance_and_energies_never_fall(stretch: Stretch) -> None:
    moments = [stretch.at(stretch.seconds * share / 1_000) for share in range(1_001)]
    for earlier, later in pairwise(moments):
        assert all(after >= before for before, after in zip(earlier[:4], later[:4], strict=True))
    assert moments[-1] == stretch.end


@pytest.mark.parametrize("stretch", STRETCHES)
def test_speed_and_power_are_the_slopes_of_distance_and_energy(stretch: Stretch) -> None:
    """The closed forms against a numerical derivative, away from the seams where power jumps."""
    seams = 0
    for share in range(1, 400):
        t, dt = stretch.seconds * share / 400, 1e-3
        before, now, after = stretch.at(t - dt), stretch.at(t), stretch.at(t + dt)
        if abs(after.power_w - before.power_w) > 2_000:
            seams += 1
            continue
        assert (after.distance_m - before.distance_m) / (2 * dt) == pytest.approx(now.speed_mps, abs=0.01)
        net_j = [moment.out_j - moment.regen_j - moment.charged_j for moment in (before, after)]
        assert (net_j[1] - net_j[0]) / (2 * dt) == pytest.approx(now.power_w, abs=2.0)
    assert seams <= 3


def test_a_leg_begins_and_ends_at_a_stop() -> None:
    assert (LEG.at(0.0).speed_mps, LEG.end.speed_mps) == (0.0, 0.0)
    assert LEG.at(20.0).speed_mps == 13.0
    assert LEG.end.distance_m == pytest.approx(13.0**2 / 2.4 + 13.0 * 30 + 13.0**2 / 3.0)
    assert LEG.end.power_w == AUXILIARY_W


def test_braking_gives_back_some_of_the_kinetic_energy_and_never_more() -> None:
    kinetic_j = CAR.mass_kg * 1.05 * 13.0**2 / 2
    assert 0.4 * kinetic_j < LEG.end.regen_j < 0.65 * kinetic_j


def test_a_quick_charge_tapers_early_and_a_slow_one_late() -> None:
    assert state_of_charge_at_half_power(130_000) < 0.80
    assert state_of_charge_at_half_power(11_000) > 0.95


@pytest.mark.parametrize("power_w", [2_300, 11_000, 130_000, 300_000])
@pytest.mark.parametrize("start", [0.0, 0.15, 0.7, 0.99, 1.0])
def test_a_charge_ends_exactly_full_and_power_never_rises(start: float, power_w: float) -> None:
    charge = Charge(CAPACITY_J, start, power_w)
    assert charge.end.charged_j == pytest.approx(CAPACITY_J * (1 - start))
    powers = [-charge.at(charge.seconds * share / 100).power_w for share in range(100)]
    assert powers == sorted(powers, reverse=True)
    assert powers[0] <= power_w


def test_a_car_that_is_full_stays_plugged_in_and_draws_nothing() -> None:
    night = Charge(CAPACITY_J, 0.9, 11_000, seconds=10 * 3_600.0)
    assert night.end.power_w == 0.0
    assert night.end.charged_j == pytest.approx(CAPACITY_J * 0.1)


def state_of_charge_at_half_power(power_w: float) -> float:
    charge = Charge(CAPACITY_J, 0.2, power_w)
    t = next(t for t in range(int(charge.seconds)) if -charge.at(t).power_w < power_w / 2)
    return 0.2 + charge.at(t).charged_j / CAPACITY_J
