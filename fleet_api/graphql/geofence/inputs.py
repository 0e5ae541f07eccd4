from typing import Annotated
from uuid import UUID

import strawberry

from fleet_api.graphql.fleet_provider.inputs import OwnFleetProviderId
from fleet_api.graphql.shared.enums import described
from fleet_api.graphql.shared.node import decoded, id_field
from fleet_api.telemetry.domain.geofence_dto import (
    CENTER,
    CIRCLE,
    CORNERS,
    POLYGON,
    SHAPE,
    CircleDto,
    CreateGeofenceDto,
    DeleteGeofenceDto,
    GeofenceFilter,
    GeofenceOrder,
    GeofenceOrderField,
    PolygonDto,
    PositionDto,
    ShapeDto,
)

GeofenceId = Annotated[UUID, decoded("Geofence"), id_field("Global id of the Geofence.")]


described(
    GeofenceOrderField,
    CREATED_AT="When it was made.",
    NAME="Its name, by code point.",
)


@strawberry.pydantic.input(description="Which geofences to list.")
class GeofenceFilterInput(GeofenceFilter):
    pass


@strawberry.pydantic.input(description="In which order to list geofences.")
class GeofenceOrderInput(GeofenceOrder):
    pass


@strawberry.pydantic.input(description="A point on the globe.")
class PositionInput(PositionDto):
    pass


@strawberry.pydantic.input(description="All within a distance of a point.")
class CircleInput(CircleDto):
    center: Annotated[PositionInput, CENTER]


@strawberry.pydantic.input(description="All within some edges.")
class PolygonInput(PolygonDto):
    points: Annotated[tuple[PositionInput, ...], CORNERS]


@strawberry.pydantic.input(description="Where a geofence is: a circle or a polygon.", one_of=True)
class GeofenceShapeInput(ShapeDto):
    circle: Annotated[CircleInput | None, CIRCLE]
    polygon: Annotated[PolygonInput | None, POLYGON]


@strawberry.pydantic.input(description="A place whose border to watch.")
class CreateGeofenceInput(CreateGeofenceDto):
    fleet_provider_id: OwnFleetProviderId = None
    shape: Annotated[GeofenceShapeInput, SHAPE]


@strawberry.pydantic.input(description="Which geofence to delete.")
class DeleteGeofenceInput(DeleteGeofenceDto):
    geofence_id: GeofenceId
