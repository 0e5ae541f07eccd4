"""The arguments that subscriptions to events share."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import strawberry

from fleet_api.graphql.shared.node import local_id
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.shared_errors import too_many_ids

MAX_IDS = 100

After = Annotated[
    str | None,
    strawberry.argument(
        description="The `cursor` of the last event that you got, of any subscription, or `eventCursor`: everything "
        "that you missed since comes first, in order and once. By default only what happens from now on."
    ),
]


def _ids_of(noun: str) -> Any:
    return strawberry.argument(description=f"At most {MAX_IDS} global ids of {noun}s. By default all that you may see.")


DriverIds = Annotated[list[strawberry.ID] | None, _ids_of("Driver")]
VehicleIds = Annotated[list[strawberry.ID] | None, _ids_of("Vehicle")]
GeofenceIds = Annotated[list[strawberry.ID] | None, _ids_of("Geofence")]


def local_ids(noun: str, ids: Sequence[str] | None, argument: str) -> frozenset[UUID] | None:
    """Raises `Refused` (TOO_MANY_IDS, INVALID_ID)."""
    if ids is not None and len(ids) > MAX_IDS:
        raise Refused(too_many_ids(MAX_IDS, argument))
    return None if ids is None else frozenset(local_id(noun, id, argument) for id in ids)
