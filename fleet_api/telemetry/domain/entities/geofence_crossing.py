"""A vehicle's passage over a geofence's border."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from fleet_api.shared.domain import ids
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.geometry import Position


class CrossingDirection(StrEnum):
    """Which way a border was crossed."""

    ENTER = "ENTER"
    EXIT = "EXIT"


@dataclass(frozen=True, slots=True)
class GeofenceCrossing:
    """latitude, longitude: of the first point on the other side."""

    id: UUID
    fleet_provider_id: UUID
    geofence_id: UUID
    vehicle_id: UUID
    direction: CrossingDirection
    crossed_at: datetime
    latitude: float
    longitude: float

    @classmethod
    def of(cls, geofence: Geofence, point: TelemetryPoint, direction: CrossingDirection) -> Self:
        return cls(
            id=ids.new_id(),
            fleet_provider_id=geofence.fleet_provider_id,
            geofence_id=geofence.id,
            vehicle_id=point.vehicle_id,
            direction=direction,
            crossed_at=point.recorded_at,
            latitude=point.latitude,
            longitude=point.longitude,
        )

    @property
    def position(self) -> Position:
        return Position(self.latitude, self.longitude)
