"""What a vehicle tells of one instant."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Observation:
    """source, sequence: who measured (`obd`, `phone`), and that device's count within the instant.

    Position in WGS84 degrees. odometer_m, energy_out_wh and energy_regen_wh are counters of the vehicle's life, so that
    a difference of two points holds whatever was lost between them. Whatever was not measured is None.
    """

    recorded_at: datetime
    source: str
    sequence: int
    latitude: float
    longitude: float
    speed_kph: float | None
    heading_deg: float | None
    accuracy_m: float | None
    state_of_charge_pct: float | None
    state_of_health_pct: float | None
    range_m: int | None
    odometer_m: int | None
    battery_voltage_v: float | None
    battery_current_a: float | None
    battery_temperature_c: float | None
    charging_power_kw: float | None
    energy_out_wh: int | None
    energy_regen_wh: int | None
    plugged_in: bool | None
