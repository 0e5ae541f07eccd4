"""The physics of a day: what each stretch of it does to distance, battery and speed, in closed form.

A day is a chain of stretches: a leg from one stop to the next, a wait, a stay at a charger. Each answers for any
moment inside itself, so nothing is integrated, and a day looks the same whether one asks every second or every hour.
"""

from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple, Protocol

ROLLING_RESISTANCE = 0.010
DRAG_AREA_M2 = 0.65
AIR_KG_PER_M3 = 1.2
GRAVITY = 9.81
ROTATING_MASS = 1.05  # wheels and rotor speed up too
BATTERY_TO_WHEEL = 0.88
WHEEL_TO_BATTERY = 0.62  # the rest goes into brake pads, motor and inverter
AUXILIARY_W = 850.0  # heat or cold, lights, screens

# A battery takes 1.3 times its capacity an hour at 70 %, half of it at 90 %, and at the end:
LAST_INTAKE = 0.08 / 3_600  # W for each J of capacity
INTAKE_FALL = 4.0 / 3_600  # W less for each J more inside


@dataclass(frozen=True, slots=True)
class Car:
    """What the physics needs to know of a model."""

    usable_battery_kwh: float
    ac_max_kw: float
    dc_max_kw: float | None
    range_m: int | None

    @property
    def mass_kg(self) -> float:
        """With its driver: catalogues seldom say, and what tells cars apart is mostly the battery."""
        return 1_250 + 8.5 * self.usable_battery_kwh

    @property
    def real_range_m(self) -> float:
        """On a full battery; in town about 15 % under the rating, and 17 kWh/100 km where nobody rated it."""
        return 0.85 * self.range_m if self.range_m else self.usable_battery_kwh / 0.17 * 1_000


class Moment(NamedTuple):
    """The way since a stretch began (m, J, J, J), and the speed and power (W, out of the battery) right now."""

    distance_m: float
    out_j: float
    regen_j: float
    charged_j: float
    speed_mps: float
    power_w: float


class Stretch(Protocol):
    """A piece of the day that lasts `seconds` and comes to `end`."""

    seconds: float
    end: Moment
    warmth_c: float  # how far above the air the battery's temperature strives

    def at(self, t: float) -> Moment: ...


class Leg:
    """From one stop to the next: accelerate, cruise, brake, stand."""

    def __init__(
        self, car: Car, *, cruise_mps: float, accel: float, brake: float, cruise_s: float, stand_s: float
    ) -> None:
        self._accel, self._brake = accel, brake
        self._mass = car.mass_kg * ROTATING_MASS
        self._rolling = ROLLING_RESISTANCE * car.mass_kg * GRAVITY
        self._drag = AIR_KG_PER_M3 * DRAG_AREA_M2 / 2
        self._cruise_from = cruise_mps / accel
        self._stop_from = self._cruise_from + cruise_s
        self.seconds = self._stop_from + cruise_mps / brake + stand_s
        self.warmth_c = 9.0
        self.end = self.at(self.seconds)

    def at(self, t: float) -> Moment:
        distance, work, braked = 0.0, 0.0, 0.0  # m; J into the wheels; J out of them
        v = self._accel * min(t, self._cruise_from)
        force = self._mass * self._accel + self._rolling + self._drag * v * v
        rolled = v * v / (2 * self._accel)
        distance += rolled
        work += self._mass * v * v / 2 + self._rolling * rolled + self._drag * v**4 / (4 * self._accel)
        if t > self._cruise_from:
            rolled = v * (min(t, self._stop_from) - self._cruise_from)
            force = self._rolling + self._drag * v * v
            distance += rolled
            work += force * rolled
        if t > self._stop_from:
            u, v = v, max(0.0, v - self._brake * (t - self._stop_from))
            force = self._rolling + self._drag * v * v - self._mass * self._brake
            rolled = (u * u - v * v) / (2 * self._brake)
            distance += rolled
            braked = self._mass * (u * u - v * v) / 2 - self._rolling * rolled
            braked -= self._drag * (u**4 - v**4) / (4 * self._brake)
        at_wheels = force * v
        return Moment(
            distance_m=distance,
            out_j=work / BATTERY_TO_WHEEL + AUXILIARY_W * t,
            regen_j=braked * WHEEL_TO_BATTERY,
            charged_j=0.0,
            speed_mps=v,
            power_w=AUXILIARY_W + (at_wheels / BATTERY_TO_WHEEL if at_wheels > 0 else at_wheels * WHEEL_TO_BATTERY),
        )


class Wait:
    """Standing at the rank, ready to go."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.warmth_c = 4.0
        self.end = self.at(seconds)

    def at(self, t: float) -> Moment:
        return Moment(0.0, AUXILIARY_W * t, 0.0, 0.0, 0.0, AUXILIARY_W)


class Charge:
    """Plugged in: as much as charger and car give, until the battery takes less, the fuller the less.

    What it takes falls in a straight line of the state of charge, and so exponentially in time. A quick charge tapers
    from the middle on, a slow one only at the very end. It ends when full, or stays plugged in until `seconds` end.
    """

    def __init__(self, capacity_j: float, state_of_charge: float, power_w: float, seconds: float | None = None) -> None:
        self._full_j = capacity_j * (1 - state_of_charge)
        self._power_w = min(power_w, capacity_j * LAST_INTAKE + self._full_j * INTAKE_FALL)
        self._end_w = min(self._power_w, capacity_j * LAST_INTAKE)
        self._taper_j = self._full_j - (self._power_w - self._end_w) / INTAKE_FALL
        self._taper_after = self._taper_j / self._power_w
        self._full_after = self._taper_after + log(self._power_w / self._end_w) / INTAKE_FALL
        self.seconds = self._full_after if seconds is None else seconds
        self.warmth_c = 8.0 + power_w / 8_000
        self.end = self.at(self.seconds)

    def at(self, t: float) -> Moment:
        if t >= self._full_after:
            return Moment(0.0, 0.0, 0.0, self._full_j, 0.0, 0.0)
        if t < self._taper_after:
            return Moment(0.0, 0.0, 0.0, self._power_w * t, 0.0, -self._power_w)
        power_w = self._power_w * exp(-INTAKE_FALL * (t - self._taper_after))
        return Moment(0.0, 0.0, 0.0, self._taper_j + (self._power_w - power_w) / INTAKE_FALL, 0.0, -power_w)
