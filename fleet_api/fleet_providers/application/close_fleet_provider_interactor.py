from collections.abc import Sequence

from fleet_api.fleet_providers.application.change_fleet_provider_interactor import ChangeFleetProviderInteractor
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_dto import FleetProviderChangeDto
from fleet_api.fleet_providers.domain.fleet_provider_errors import obligations_open
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderRepository, Obligations
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.output_context import OutputErrorContext


class CloseFleetProviderInteractor(ChangeFleetProviderInteractor[FleetProviderChangeDto]):
    """Close a suspended provider for good, once no context above has open business with it."""

    def __init__(
        self, providers: FleetProviderRepository, events: EventPublisher, obligations: Sequence[Obligations]
    ) -> None:
        super().__init__(providers, events)
        self._obligations = obligations

    async def change(
        self, provider: FleetProvider, dto: FleetProviderChangeDto, /
    ) -> FleetProvider | OutputErrorContext:
        closed = provider.close()
        if isinstance(closed, OutputErrorContext):
            return closed
        for obligations in self._obligations:
            if obligation := await obligations.open_at(provider.id):
                return obligations_open(obligation.what)
        return closed
