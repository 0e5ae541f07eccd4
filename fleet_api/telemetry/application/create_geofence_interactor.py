from fleet_api.fleet_providers.application.owning_provider import owning_provider
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderRepository
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.geofence_dto import CreateGeofenceDto
from fleet_api.telemetry.domain.geofence_repository import GeofenceRepository
from fleet_api.telemetry.domain.telemetry_errors import GEOFENCE_REFUSALS


class CreateGeofenceInteractor(BaseInteractor[CreateGeofenceDto, Geofence]):
    """Watch the border of a place. Vehicles inside it enter it with their next point."""

    requires = Permission.GEOFENCES_WRITE
    refusals = GEOFENCE_REFUSALS

    def __init__(self, geofences: GeofenceRepository, providers: FleetProviderRepository, viewer: Viewer) -> None:
        self._geofences = geofences
        self._providers = providers
        self._viewer = viewer

    async def process(self, dto: CreateGeofenceDto) -> OutputContext[Geofence]:
        provider = await owning_provider(self._providers, dto.fleet_provider_id, self._viewer)
        if isinstance(provider, OutputErrorContext):
            return provider
        geofence = Geofence.create(dto, provider.id)
        await self._geofences.add(geofence)
        return OutputSuccessContext(geofence)
