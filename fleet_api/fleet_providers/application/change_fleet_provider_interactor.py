from typing import TypeVar

from fleet_api.fleet_providers.domain import fleet_provider_events
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_dto import FleetProviderChangeDto
from fleet_api.fleet_providers.domain.fleet_provider_errors import FLEET_PROVIDER_REFUSALS, unknown_fleet_provider
from fleet_api.shared.application.held_interactor import ChangeInteractor
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.permission import Permission

C = TypeVar("C", bound=FleetProviderChangeDto)


class ChangeFleetProviderInteractor(ChangeInteractor[C, FleetProvider]):
    """What every change of one provider shares."""

    requires = Permission.PROVIDERS_WRITE
    refusals = FLEET_PROVIDER_REFUSALS
    unknown = unknown_fleet_provider()

    async def event(self, before: FleetProvider, after: FleetProvider, dto: C, /) -> Event | None:
        return fleet_provider_events.changed(before, after)
