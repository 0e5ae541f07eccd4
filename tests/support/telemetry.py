"""Telling telemetry through the API, and reading what became of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fleet_api.shared.domain.permission import Role
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from tests.support.api import Api, global_id

# An hour ago, to the second: young enough for every rule, and the same for a whole run.
START = (datetime.now(UTC) - timedelta(hours=1)).replace(microsecond=0)

RECORD = """mutation($input: RecordTelemetryInput!) { recordTelemetry(input: $input) {
  ... on TelemetryReceipt { accepted duplicate late rejected outcomes { index outcome code message field } }
  ... on Error { code httpStatus field message }
} }"""


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def told(vehicle: Vehicle, seconds: float = 0, **fields: Any) -> dict[str, Any]:
    """A point as a device sends it, `seconds` after START; in Oslo where nobody says otherwise."""
    point = {
        "vehicleId": global_id("Vehicle", vehicle.id),
        "recordedAt": at(seconds).isoformat(),
        "source": "obd",
        "sequence": 0,
        "latitude": 59.91,
        "longitude": 10.75,
    }
    return point | fields


async def record(api: Api, vehicle: Vehicle, *points: dict[str, Any], **input: Any) -> Any:
    """Sends the points as a device of the vehicle's provider, and answers the receipt or the refusal."""
    device = api.as_role(Role.DEVICE, vehicle.fleet_provider_id)
    data = await device.data(RECORD, {"input": {"points": points, **input}})
    return data["recordTelemetry"]


DRIVE = [
    # seconds, km/h, odometer m, out Wh, regen Wh, longitude
    (0, 0.0, 2_000_000, 1_000, 100, 10.70),
    (60, 36.0, 2_000_600, 1_200, 110, 10.71),
    (120, 36.0, 2_001_200, 1_400, 130, 10.72),
    (180, 0.0, 2_001_200, 1_400, 130, 10.72),
    (600, 0.0, 2_001_200, 1_400, 130, 10.72),
]


async def drive(api: Api, car: Vehicle) -> None:
    """1,200 m in two minutes, and a stand of eight."""
    names = ("speedKph", "odometerM", "energyOutWh", "energyRegenWh", "longitude")
    points = [told(car, second, **dict(zip(names, rest, strict=True))) for second, *rest in DRIVE]
    # In two calls: a trip is gone on with.
    await record(api, car, *points[:2])
    await record(api, car, *points[2:])
