from collections.abc import Mapping
from uuid import UUID

from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderRepository
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page, PageRequest
from fleet_api.shared.domain.permission import Permission


class ListChildFleetProvidersInteractor(BaseInteractor[Batch[UUID, PageRequest], Mapping[UUID, Page[FleetProvider]]]):
    """For each provider, a page of those that belong to it."""

    requires = Permission.PROVIDERS_READ

    def __init__(self, providers: FleetProviderRepository) -> None:
        self._providers = providers

    async def process(self, dto: Batch[UUID, PageRequest]) -> OutputContext[Mapping[UUID, Page[FleetProvider]]]:
        return OutputSuccessContext(await self._providers.pages_of_children(dto.keys, dto.asked))
