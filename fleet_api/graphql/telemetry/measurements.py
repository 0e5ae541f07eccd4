"""What a point carries, in the words that its type and its input share."""

from typing import Any

import strawberry

_BEYOND_INT = "At most 2,147,483,647; more refuses the whole call."
_WORDS = {
    "recorded_at": "When it was measured, by the device's clock.",
    "source": "Who measured, such as `obd` or `phone`: 1 to 32 letters, digits, dots, dashes and underscores.",
    "sequence": "Tells points of one source and instant apart; counted by the device, from 0.",
    "latitude": "WGS84 degrees, -90 to 90.",
    "longitude": "WGS84 degrees, -180 to 180.",
    "speed_kph": "Speed over ground in km/h.",
    "heading_deg": "Direction of travel in degrees clockwise from north, 0 to 360.",
    "accuracy_m": "Radius in metres within which the position lies.",
    "state_of_charge_pct": "How full the battery is, 0 to 100 %.",
    "state_of_health_pct": "What is left of the battery's capacity when new, in %; a new one may have more than 100.",
    "range_m": "How far the vehicle thinks that it can go, in metres.",
    "odometer_m": f"Metres on the odometer: a counter of the vehicle's life, which never falls. {_BEYOND_INT}",
    "battery_voltage_v": "Voltage of the traction battery.",
    "battery_current_a": "Current in ampere, positive out of the battery.",
    "battery_temperature_c": "Temperature of the battery in °C.",
    "charging_power_kw": "Power from a charger in kW.",
    "energy_out_wh": f"Wh drawn from the battery: a counter of the vehicle's life, like the odometer. {_BEYOND_INT}",
    "energy_regen_wh": "Wh recovered into the battery by braking: a counter of the vehicle's life, like the odometer. "
    f"{_BEYOND_INT}",
    "plugged_in": "Whether a charger's cable is in.",
}


def measured(name: str) -> Any:
    """A field of a point's type; what was not measured is null."""
    return strawberry.field(description=_WORDS[name])


def reported(name: str) -> Any:
    """A field of a point's input that may be left out."""
    return strawberry.field(description=f"{_WORDS[name]} Left out when it was not measured.", default=None)
