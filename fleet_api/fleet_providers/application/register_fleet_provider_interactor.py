from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_dto import RegisterFleetProviderDto
from fleet_api.fleet_providers.domain.fleet_provider_errors import FLEET_PROVIDER_REFUSALS, unknown_parent
from fleet_api.fleet_providers.domain.fleet_provider_events import registered
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderRepository
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission


class RegisterFleetProviderInteractor(BaseInteractor[RegisterFleetProviderDto, FleetProvider]):
    """Put a provider on the platform. It starts PENDING, and operates once it is reactivated."""

    requires = Permission.PROVIDERS_CREATE
    refusals = FLEET_PROVIDER_REFUSALS

    def __init__(self, providers: FleetProviderRepository, events: EventPublisher) -> None:
        self._providers = providers
        self._events = events

    async def process(self, dto: RegisterFleetProviderDto) -> OutputContext[FleetProvider]:
        parent = await self._providers.hold(dto.parent_id) if dto.parent_id else None
        if dto.parent_id and parent is None:
            return unknown_parent()
        provider = FleetProvider.register(dto, parent)
        await self._providers.add(provider)
        await self._events.publish(registered(provider))
        return OutputSuccessContext(provider)
