from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.geofence_repository import GeofenceListing, GeofenceRepository


class ListGeofencesInteractor(BaseInteractor[GeofenceListing, Page[Geofence]]):
    """A page of the geofences that the viewer may see."""

    requires = Permission.GEOFENCES_READ

    def __init__(self, geofences: GeofenceRepository) -> None:
        self._geofences = geofences

    async def process(self, dto: GeofenceListing) -> OutputContext[Page[Geofence]]:
        return OutputSuccessContext(await self._geofences.page(dto))
