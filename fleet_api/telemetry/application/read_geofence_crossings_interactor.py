from collections.abc import Mapping
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.entities.geofence_crossing import GeofenceCrossing
from fleet_api.telemetry.domain.geofence_repository import GeofenceRepository


class ReadGeofenceCrossingsInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, GeofenceCrossing]]):
    """Crossings by id; those that the viewer may not see are absent."""

    requires = Permission.GEOFENCES_READ

    def __init__(self, geofences: GeofenceRepository) -> None:
        self._geofences = geofences

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, GeofenceCrossing]]:
        return OutputSuccessContext(await self._geofences.crossings_by_ids(dto.keys))
