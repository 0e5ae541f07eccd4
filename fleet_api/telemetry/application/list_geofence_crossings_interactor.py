from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page, PageRequest
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.geofence_crossing import GeofenceCrossing
from fleet_api.telemetry.domain.geofence_repository import GeofenceRepository


class ListGeofenceCrossingsInteractor(BaseInteractor[Batch[UUID, PageRequest], Mapping[UUID, Page[GeofenceCrossing]]]):
    """For each geofence, a page of the crossings of its border, newest first."""

    requires = Permission.GEOFENCES_READ

    def __init__(self, geofences: GeofenceRepository) -> None:
        self._geofences = geofences

    async def process(self, dto: Batch[UUID, PageRequest]) -> OutputContext[Mapping[UUID, Page[GeofenceCrossing]]]:
        return OutputSuccessContext(await self._geofences.pages_of_crossings(dto.keys, dto.asked))
