"""Closing a provider asks every context above it whether business is still open; only the graph knows them all."""

from fleet_api.fleet_providers.application.close_fleet_provider_interactor import CloseFleetProviderInteractor
from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import close_fleet_provider_depends
from fleet_api.shared.infrastructure.resources import Resources
from fleet_api.vehicles.infrastructure.vehicles_depends import vehicle_obligations_depends


def close_fleet_provider_with_obligations_depends(resources: Resources) -> CloseFleetProviderInteractor:
    return close_fleet_provider_depends(resources, [vehicle_obligations_depends(resources)])
