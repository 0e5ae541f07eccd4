"""A taxi's day, point by point: fares and waits, a fast charge when the battery is low, a long rest at the depot."""

from datetime import datetime, timedelta
from functools import cache
from math import exp
from random import Random
from typing import NamedTuple

from fleet_api.demo.world.energy import Car, Charge, Leg, Stretch, Wait
from fleet_api.demo.world.routes import Route, position_at
from fleet_api.demo.world.scatter import fork

J_PER_WH = 3_600.0
LOW_STATE_OF_CHARGE = 0.15
FAST_CHARGERS_KW = (50, 100, 150, 300)
LEGS_IN_A_SPELL = (15, 60)  # of fares between two waits, a quarter of an hour to one hour
WAIT_S = (240, 1_200)
REST_S = (7 * 3_600, 10 * 3_600)

BATTERY_TIME_CONSTANT_S = 2_400.0
EMPTY_V, FULL_V = 330.0, 398.0  # 96 cells in series, open circuit
RESISTANCE_OHM = 0.06


class TrackPoint(NamedTuple):
    """What a car reports. The odometer and both energies only ever grow; current is positive out of the battery."""

    recorded_at: datetime
    latitude: float
    longitude: float
    speed_kph: float
    heading_deg: float
    accuracy_m: float
    state_of_charge_pct: float
    state_of_health_pct: float
    range_m: int
    odometer_m: int
    battery_voltage_v: float
    battery_current_a: float
    battery_temperature_c: float
    charging_power_kw: float
    energy_out_wh: int
    energy_regen_wh: int
    plugged_in: bool


def day_of_points(
    rng: Random, *, route: Route, car: Car, air_c: float, start: datetime, odometer_m: float, every_seconds: int
) -> list[TrackPoint]:
    """24 hours of a car from `start` on, a point about `every_seconds` of driving, fewer while it stands.

    The rest begins at any hour: taxis have no night, and so two cars of three are out whenever the day ends.
    """
    drive = Drive(
        rng,
        route=route,
        car=car,
        air_c=air_c,
        at=start,
        odometer_m=odometer_m,
        state_of_charge_pct=rng.uniform(35, 95),
        state_of_health_pct=rng.uniform(91, 99.5),
        energy_out_wh=odometer_m * 0.20,
        energy_regen_wh=odometer_m * 0.04,
    )
    end = start + timedelta(days=1)
    rest_at = start + timedelta(seconds=rng.uniform(0, 86_400))
    rested = False
    points = [drive.step(0)]
    while (at := points[-1].recorded_at) < end:
        if not rested and at >= rest_at:
            drive.rest(rng.uniform(*REST_S))
            rested = True
        pace = 4 if drive.resting else 2 if drive.standing else 1
        points.append(drive.step(pace * rng.randint(every_seconds * 2 // 3, every_seconds * 4 // 3)))
    return points[:-1]


class Drive:
    """A car that goes round its route for ever, advanced by steps of any length.

    The place on the route follows from the odometer, so a drive that is built anew from a car's latest point goes on
    where that one ended. The same `rng` gives the same day, whatever the steps.
    """

    def __init__(
        self,
        rng: Random,
        *,
        route: Route,
        car: Car,
        air_c: float,
        at: datetime,
        odometer_m: float,
        state_of_charge_pct: float,
        state_of_health_pct: float,
        energy_out_wh: float,
        energy_regen_wh: float,
    ) -> None:
        # One source for what the car does and one for how well its GPS hears, or the steps' length would bend the day.
        self._choices = fork(rng)
        self._noise = fork(rng)
        self._route, self._car, self._legs = route, car, _legs_of(car)
        self._air_c, self._at = air_c, at
        self._health_pct = round(state_of_health_pct, 1)
        self._capacity_j = car.usable_battery_kwh * 1_000 * J_PER_WH * state_of_health_pct / 100

        # As of the beginning of the current stretch:
        self._odometer_m = odometer_m
        self._stored_j = self._capacity_j * state_of_charge_pct / 100
        self._out_j = energy_out_wh * J_PER_WH
        self._regen_j = energy_regen_wh * J_PER_WH
        self._battery_c = air_c + 4.0

        self._rest_s: float | None = None
        self._legs_left = self._choices.randint(*LEGS_IN_A_SPELL)
        self._stretch = self._next_stretch()
        self._into_s = 0.0

    @property
    def standing(self) -> bool:
        """Neither on the road nor at a light: waiting, charging or resting."""
        return not isinstance(self._stretch, Leg)

    @property
    def resting(self) -> bool:
        """At the depot's charger for hours."""
        return isinstance(self._stretch, Charge) and self._stretch.seconds >= REST_S[0]

    def rest(self, seconds: float) -> None:
        """From the next stop on, stand at the depot's AC charger for so long."""
        self._rest_s = seconds

    def step(self, seconds: float) -> TrackPoint:
        """Let so much time pass, and report."""
        self._at += timedelta(seconds=seconds)
        self._into_s += seconds
        while self._into_s >= self._stretch.seconds:
            self._into_s -= self._stretch.seconds
            self._finish_stretch()
            self._stretch = self._next_stretch()
        return self._report()

    def _finish_stretch(self) -> None:
        end = self._stretch.end
        self._battery_c = self._battery_c_after(self._stretch.seconds)
        self._odometer_m += end.distance_m
        self._out_j += end.out_j
        self._regen_j += end.regen_j
        self._stored_j += end.charged_j + end.regen_j - end.out_j

    def _next_stretch(self) -> Stretch:
        state_of_charge = self._stored_j / self._capacity_j
        if self._rest_s is not None:
            rest_s, self._rest_s = self._rest_s, None
            return Charge(self._capacity_j, state_of_charge, self._car.ac_max_kw * 1_000, rest_s)
        if state_of_charge < LOW_STATE_OF_CHARGE:
            return Charge(self._capacity_j, state_of_charge, self._fast_kw() * 1_000)
        if self._legs_left == 0:
            self._legs_left = self._choices.randint(*LEGS_IN_A_SPELL)
            return Wait(self._choices.uniform(*WAIT_S))
        self._legs_left -= 1
        return self._legs[int(self._choices.random() * len(self._legs))]

    def _fast_kw(self) -> float:
        if self._car.dc_max_kw is None:
            return self._car.ac_max_kw
        return min(self._car.dc_max_kw, self._choices.choice(FAST_CHARGERS_KW))

    def _report(self) -> TrackPoint:
        now = self._stretch.at(self._into_s)
        odometer_m = self._odometer_m + now.distance_m
        latitude, longitude, heading = position_at(self._route, odometer_m)
        stored_j = self._stored_j + now.charged_j + now.regen_j - now.out_j
        # A full battery may be a hair of floating point beyond full.
        state_of_charge = min(1.0, stored_j / self._capacity_j)
        at_rest_v = EMPTY_V + (FULL_V - EMPTY_V) * state_of_charge
        current_a = now.power_w / at_rest_v
        plugged_in = isinstance(self._stretch, Charge)
        return TrackPoint(
            recorded_at=self._at,
            latitude=round(latitude, 6),
            longitude=round(longitude, 6),
            speed_kph=round(now.speed_mps * 3.6, 1),
            heading_deg=round(heading, 1) % 360,
            accuracy_m=round(2.5 + min(20.0, self._noise.expovariate(0.7)), 1),
            state_of_charge_pct=round(state_of_charge * 100, 2),
            state_of_health_pct=self._health_pct,
            range_m=int(self._car.real_range_m * state_of_charge * self._health_pct / 100),
            odometer_m=int(odometer_m),
            battery_voltage_v=round(at_rest_v - current_a * RESISTANCE_OHM, 1),
            battery_current_a=round(current_a, 1),
            battery_temperature_c=round(self._battery_c_after(self._into_s), 1),
            charging_power_kw=round(-now.power_w / 1_000, 2) if plugged_in else 0.0,
            energy_out_wh=int((self._out_j + now.out_j) / J_PER_WH),
            energy_regen_wh=int((self._regen_j + now.regen_j) / J_PER_WH),
            plugged_in=plugged_in,
        )

    def _battery_c_after(self, seconds: float) -> float:
        """Newton's law: each stretch has its own warmth that the battery strives to."""
        goal_c = self._air_c + self._stretch.warmth_c
        return goal_c + (self._battery_c - goal_c) * exp(-seconds / BATTERY_TIME_CONSTANT_S)


@cache
def _legs_of(car: Car) -> tuple[Leg, ...]:
    """A town's worth of legs, drawn once and driven in any order: streets, and now and then an arterial road."""
    rng = Random(1)  # noqa: S311 -- the same town for every car
    streets = [_leg(car, rng, cruise_mps=(8, 15), cruise_s=(8, 45)) for _ in range(56)]
    arterials = [_leg(car, rng, cruise_mps=(16, 22), cruise_s=(40, 110)) for _ in range(8)]
    return (*streets, *arterials)


def _leg(car: Car, rng: Random, *, cruise_mps: tuple[float, float], cruise_s: tuple[float, float]) -> Leg:
    return Leg(
        car,
        cruise_mps=rng.uniform(*cruise_mps),
        accel=rng.uniform(0.9, 1.6),
        brake=rng.uniform(1.0, 1.8),
        cruise_s=rng.uniform(*cruise_s),
        stand_s=rng.uniform(4, 35),
    )
