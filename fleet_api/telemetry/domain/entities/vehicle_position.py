from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint


@dataclass(slots=True)
class VehiclePosition:
    """Where a vehicle is, as a follower is told. within: whether that is in the box that is followed; told once where
    it is not."""

    point: TelemetryPoint
    within: bool
    cursor: str
    vehicle_id: UUID
    recorded_at: datetime
    received_at: datetime
    latitude: float
    longitude: float
    speed_kph: float | None
    heading_deg: float | None
    state_of_charge_pct: float | None
    range_m: int | None
    plugged_in: bool | None

    @classmethod
    def of(cls, point: TelemetryPoint, *, within: bool, cursor: str) -> Self:
        return cls(
            point,
            within,
            cursor,
            point.vehicle_id,
            point.recorded_at,
            point.received_at,
            point.latitude,
            point.longitude,
            point.speed_kph,
            point.heading_deg,
            point.state_of_charge_pct,
            point.range_m,
            point.plugged_in,
        )
