from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderListing, FleetProviderRepository
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission


class ListFleetProvidersInteractor(BaseInteractor[FleetProviderListing, Page[FleetProvider]]):
    """A page of the providers that the viewer may see."""

    requires = Permission.PROVIDERS_READ

    def __init__(self, providers: FleetProviderRepository) -> None:
        self._providers = providers

    async def process(self, dto: FleetProviderListing) -> OutputContext[Page[FleetProvider]]:
        return OutputSuccessContext(await self._providers.page(dto))
