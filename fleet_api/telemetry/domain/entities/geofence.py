"""A place whose border is watched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from fleet_api.shared.domain import ids
from fleet_api.telemetry.domain.geofence_dto import CreateGeofenceDto
from fleet_api.telemetry.domain.geometry import Bounds, Circle, Polygon, Position, Shape


@dataclass(frozen=True, slots=True)
class Geofence:
    """Its corners, or a circle: one corner, its middle, and a radius. south to east: the box around it."""

    id: UUID
    fleet_provider_id: UUID
    name: str
    latitudes: Sequence[float]
    longitudes: Sequence[float]
    radius_m: float | None
    south: float
    west: float
    north: float
    east: float
    version: int

    @classmethod
    def create(cls, dto: CreateGeofenceDto, provider_id: UUID) -> Self:
        shape = dto.shape.shape
        corners = shape.points if isinstance(shape, Polygon) else [shape.center]
        bounds = shape.bounds
        return cls(
            id=ids.new_id(),
            fleet_provider_id=provider_id,
            name=dto.name,
            latitudes=[corner.latitude for corner in corners],
            longitudes=[corner.longitude for corner in corners],
            radius_m=shape.radius_m if isinstance(shape, Circle) else None,
            south=bounds.south,
            west=bounds.west,
            north=bounds.north,
            east=bounds.east,
            version=1,
        )

    @property
    def created_at(self) -> datetime:
        return ids.created_at(self.id)

    @property
    def shape(self) -> Shape:
        corners = [Position(*corner) for corner in zip(self.latitudes, self.longitudes, strict=True)]
        return Polygon(corners) if self.radius_m is None else Circle(corners[0], self.radius_m)

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.south, self.west, self.north, self.east)
