from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from fleet_api.shared.domain.dto import ChangeDto, CommandDto, FilterDto, OrderDto, Value
from fleet_api.shared.domain.fields import Name, SearchText
from fleet_api.shared.domain.input_errors import Problem
from fleet_api.shared.domain.page import Direction
from fleet_api.shared.domain.text import Text
from fleet_api.telemetry.domain.geometry import Circle, Polygon, Position, Shape
from fleet_api.telemetry.domain.telemetry_dto import Latitude, Longitude

MAX_WIDTH_DEG = 180
# Points are held against every edge: ten polygons of so many corners cost a call of 5,000 points a third of a second.
MAX_CORNERS = 100

CENTER = Field(description="Its middle.")
CIRCLE = Field(description="All within a distance of a point.")
POLYGON = Field(description="All within some edges.")
SHAPE = Field(description="Where it is.")
CORNERS = Field(
    min_length=3,
    max_length=MAX_CORNERS,
    description=f"Its 3 to {MAX_CORNERS} corners in their order around it; the last is joined to the first by itself.",
)


class PositionDto(Value):
    latitude: Latitude = Field(description="WGS84 degrees, -90 to 90.")
    longitude: Longitude = Field(description="WGS84 degrees, -180 to 180.")

    @property
    def position(self) -> Position:
        return Position(self.latitude, self.longitude)


class CircleDto(Value):
    center: Annotated[PositionDto, CENTER]
    radius_m: Annotated[float, Field(ge=10, le=100_000)] = Field(description="Metres from the middle, 10 to 100,000.")


class PolygonDto(Value):
    points: Annotated[tuple[PositionDto, ...], CORNERS]

    @model_validator(mode="after")
    def _is_not_half_the_world(self) -> Self:
        # Wider ones could not be told from their other side: edges run the short way round the globe.
        first = self.points[0].position
        shifts = [first.eastward_to(corner.position) for corner in self.points]
        if max(shifts) - min(shifts) >= MAX_WIDTH_DEG:
            raise Problem(
                "POLYGON_TOO_WIDE",
                Text("A polygon spans less than 180 degrees.", "Un polígono abarca menos de 180 grados."),
            )
        return self


class ShapeDto(Value):
    """Exactly one of them."""

    circle: Annotated[CircleDto | None, CIRCLE] = None
    polygon: Annotated[PolygonDto | None, POLYGON] = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.circle is None) == (self.polygon is None):
            raise Problem("ONE_SHAPE", Text("Send a circle or a polygon.", "Envíe un círculo o un polígono."))
        return self

    @property
    def shape(self) -> Shape:
        if self.circle:
            return Circle(self.circle.center.position, self.circle.radius_m)
        return Polygon([corner.position for corner in self.polygon.points] if self.polygon else [])


class CreateGeofenceDto(CommandDto):
    fleet_provider_id: UUID | None = Field(
        None, description="Global id of the FleetProvider; your own by default. The platform's operator must name one."
    )
    name: Name = Field(description="What people call it, 1 to 200 characters; unique within the provider.")
    shape: Annotated[ShapeDto, SHAPE]


class GeofenceFilter(FilterDto):
    search: SearchText | None = Field(None, description="Only geofences whose name contains this, in any case.")


class GeofenceOrderField(StrEnum):
    """What geofences can be ordered by."""

    CREATED_AT = "CREATED_AT"
    NAME = "NAME"


class GeofenceOrder(OrderDto):
    field: GeofenceOrderField = Field(GeofenceOrderField.CREATED_AT, description="What to order by.")
    direction: Direction = Field(Direction.ASC, description="Which way.")


class DeleteGeofenceDto(ChangeDto):
    geofence_id: UUID = Field(description="Global id of the Geofence.")

    @property
    def target(self) -> UUID:
        return self.geofence_id
