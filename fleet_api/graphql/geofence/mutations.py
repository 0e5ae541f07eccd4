from typing import Annotated

import strawberry

from fleet_api.graphql.geofence.inputs import CreateGeofenceInput, DeleteGeofenceInput
from fleet_api.graphql.geofence.types import DeletedGeofenceType, GeofenceType
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.mutation import mutation
from fleet_api.graphql.shared.refusals import Refusal, present
from fleet_api.telemetry.infrastructure.telemetry_depends import create_geofence_depends, delete_geofence_depends

CreateGeofenceResult = Annotated[
    GeofenceType | Refusal,
    strawberry.union("CreateGeofenceResult", description="The geofence, or why not."),
]
DeleteGeofenceResult = Annotated[
    DeletedGeofenceType | Refusal,
    strawberry.union("DeleteGeofenceResult", description="The geofence that is no more, or why not."),
]


@strawberry.type
class GeofenceMutations:
    @mutation("Watch the border of a place. Who is inside enters with their next point.")
    async def create_geofence(self, info: Info, input: CreateGeofenceInput) -> CreateGeofenceResult:
        output = await info.context.submit(create_geofence_depends, input)
        return present(output, info)

    @mutation("Stop watching a place, and forget who crossed its border.")
    async def delete_geofence(self, info: Info, input: DeleteGeofenceInput) -> DeleteGeofenceResult:
        output = await info.context.submit(delete_geofence_depends, input)
        return present(output, info)
