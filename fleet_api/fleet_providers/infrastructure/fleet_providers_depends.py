"""Where the use cases of providers meet their adapters."""

from collections.abc import Sequence

from fleet_api.fleet_providers.application.close_fleet_provider_interactor import CloseFleetProviderInteractor
from fleet_api.fleet_providers.application.list_child_fleet_providers_interactor import (
    ListChildFleetProvidersInteractor,
)
from fleet_api.fleet_providers.application.list_fleet_providers_interactor import ListFleetProvidersInteractor
from fleet_api.fleet_providers.application.reactivate_fleet_provider_interactor import ReactivateFleetProviderInteractor
from fleet_api.fleet_providers.application.read_fleet_providers_interactor import ReadFleetProvidersInteractor
from fleet_api.fleet_providers.application.register_fleet_provider_interactor import RegisterFleetProviderInteractor
from fleet_api.fleet_providers.application.suspend_fleet_provider_interactor import SuspendFleetProviderInteractor
from fleet_api.fleet_providers.application.update_fleet_provider_interactor import UpdateFleetProviderInteractor
from fleet_api.fleet_providers.domain.fleet_provider_repository import Obligations
from fleet_api.fleet_providers.infrastructure.repositories.postgres_fleet_provider_repository import (
    PostgresFleetProviderRepository,
)
from fleet_api.shared.infrastructure.resources import Resources


def register_fleet_provider_depends(resources: Resources) -> RegisterFleetProviderInteractor:
    return RegisterFleetProviderInteractor(PostgresFleetProviderRepository(resources.connection), resources.events)


def update_fleet_provider_depends(resources: Resources) -> UpdateFleetProviderInteractor:
    return UpdateFleetProviderInteractor(PostgresFleetProviderRepository(resources.connection), resources.events)


def suspend_fleet_provider_depends(resources: Resources) -> SuspendFleetProviderInteractor:
    return SuspendFleetProviderInteractor(PostgresFleetProviderRepository(resources.connection), resources.events)


def reactivate_fleet_provider_depends(resources: Resources) -> ReactivateFleetProviderInteractor:
    return ReactivateFleetProviderInteractor(PostgresFleetProviderRepository(resources.connection), resources.events)


def close_fleet_provider_depends(
    resources: Resources, obligations: Sequence[Obligations]
) -> CloseFleetProviderInteractor:
    """`obligations` belong to contexts above, so the graph, which stands above all of them, hands them in."""
    return CloseFleetProviderInteractor(
        PostgresFleetProviderRepository(resources.connection), resources.events, obligations
    )


def read_fleet_providers_depends(resources: Resources) -> ReadFleetProvidersInteractor:
    return ReadFleetProvidersInteractor(PostgresFleetProviderRepository(resources.connection))


def list_fleet_providers_depends(resources: Resources) -> ListFleetProvidersInteractor:
    return ListFleetProvidersInteractor(PostgresFleetProviderRepository(resources.connection))


def list_child_fleet_providers_depends(resources: Resources) -> ListChildFleetProvidersInteractor:
    return ListChildFleetProvidersInteractor(PostgresFleetProviderRepository(resources.connection))
