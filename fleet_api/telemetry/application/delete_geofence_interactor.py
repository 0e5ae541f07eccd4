from fleet_api.shared.application.held_interactor import HeldInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.geofence_dto import DeleteGeofenceDto
from fleet_api.telemetry.domain.geofence_repository import GeofenceRepository
from fleet_api.telemetry.domain.telemetry_errors import unknown_geofence


class DeleteGeofenceInteractor(HeldInteractor[DeleteGeofenceDto, Geofence, Geofence]):
    """Stop watching a place, and forget the crossings of its border."""

    requires = Permission.GEOFENCES_WRITE
    unknown = unknown_geofence()

    def __init__(self, geofences: GeofenceRepository) -> None:
        super().__init__(geofences)
        self._geofences = geofences

    async def act(self, geofence: Geofence, dto: DeleteGeofenceDto, /) -> OutputContext[Geofence]:
        await self._geofences.remove(geofence)
        return OutputSuccessContext(geofence)
