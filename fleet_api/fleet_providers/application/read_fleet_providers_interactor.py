from collections.abc import Mapping
from uuid import UUID

from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderRepository
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission


class ReadFleetProvidersInteractor(BaseInteractor[Batch[UUID, None], Mapping[UUID, FleetProvider]]):
    """Providers by id; those that the viewer may not see are absent."""

    requires = Permission.PROVIDERS_READ

    def __init__(self, providers: FleetProviderRepository) -> None:
        self._providers = providers

    async def process(self, dto: Batch[UUID, None]) -> OutputContext[Mapping[UUID, FleetProvider]]:
        return OutputSuccessContext(await self._providers.by_ids(dto.keys))
