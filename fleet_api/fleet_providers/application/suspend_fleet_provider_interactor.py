from fleet_api.fleet_providers.application.change_fleet_provider_interactor import ChangeFleetProviderInteractor
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_dto import FleetProviderChangeDto
from fleet_api.shared.domain.output_context import OutputErrorContext


class SuspendFleetProviderInteractor(ChangeFleetProviderInteractor[FleetProviderChangeDto]):
    """Stop a provider's business; nothing new starts until it is reactivated."""

    async def change(
        self, provider: FleetProvider, dto: FleetProviderChangeDto, /
    ) -> FleetProvider | OutputErrorContext:
        return provider.suspend()
