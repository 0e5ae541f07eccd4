from uuid import UUID

from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_errors import (
    provider_needed,
    provider_not_operating,
    unknown_fleet_provider,
)
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderRepository
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.viewer import Viewer


async def owning_provider(
    providers: FleetProviderRepository, wanted: UUID | None, viewer: Viewer
) -> FleetProvider | OutputErrorContext:
    """Whose something new is to be: the provider that the viewer names, or else their own."""
    id = wanted or viewer.provider_id
    if id is None:
        return provider_needed()
    provider = (await providers.by_ids([id])).get(id)
    if provider is None:
        return unknown_fleet_provider()
    return provider if provider.takes_on else provider_not_operating(provider.status)
