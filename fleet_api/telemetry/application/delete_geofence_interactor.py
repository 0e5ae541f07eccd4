from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.shared_errors import stale_version
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.geofence_dto import DeleteGeofenceDto
from fleet_api.telemetry.domain.geofence_repository import GeofenceRepository
from fleet_api.telemetry.domain.telemetry_errors import unknown_geofence


class DeleteGeofenceInteractor(BaseInteractor[DeleteGeofenceDto, Geofence]):
    """Stop watching a place, and forget the crossings of its border."""

    requires = Permission.GEOFENCES_WRITE

    def __init__(self, geofences: GeofenceRepository) -> None:
        self._geofences = geofences

    async def process(self, dto: DeleteGeofenceDto) -> OutputContext[Geofence]:
        geofence = await self._geofences.hold(dto.geofence_id)
        if geofence is None:
            return unknown_geofence()
        if dto.expected_version not in {None, geofence.version}:
            return stale_version(geofence.version)
        await self._geofences.remove(geofence)
        return OutputSuccessContext(geofence)
