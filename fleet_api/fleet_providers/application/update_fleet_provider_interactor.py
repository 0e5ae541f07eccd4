from fleet_api.fleet_providers.application.change_fleet_provider_interactor import ChangeFleetProviderInteractor
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_dto import UpdateFleetProviderDto
from fleet_api.shared.domain.output_context import OutputErrorContext


class UpdateFleetProviderInteractor(ChangeFleetProviderInteractor[UpdateFleetProviderDto]):
    """Correct a provider's names, numbers and zone."""

    async def change(
        self, provider: FleetProvider, dto: UpdateFleetProviderDto, /
    ) -> FleetProvider | OutputErrorContext:
        return provider.update(dto)
