"""Where the use cases of drivers meet their adapters."""

from fleet_api.drivers.application.activate_driver_interactor import ActivateDriverInteractor
from fleet_api.drivers.application.count_provider_drivers_interactor import CountProviderDriversInteractor
from fleet_api.drivers.application.find_fallen_sessions_interactor import FindFallenSessionsInteractor
from fleet_api.drivers.application.invite_driver_interactor import InviteDriverInteractor
from fleet_api.drivers.application.list_drivers_interactor import ListDriversInteractor
from fleet_api.drivers.application.list_provider_drivers_interactor import ListProviderDriversInteractor
from fleet_api.drivers.application.login_interactor import LoginInteractor
from fleet_api.drivers.application.logout_interactor import LogoutInteractor
from fleet_api.drivers.application.offboard_driver_interactor import OffboardDriverInteractor
from fleet_api.drivers.application.read_drivers_interactor import ReadDriversInteractor
from fleet_api.drivers.application.refresh_token_interactor import RefreshTokenInteractor
from fleet_api.drivers.application.suspend_driver_interactor import SuspendDriverInteractor
from fleet_api.drivers.application.update_driver_interactor import UpdateDriverInteractor
from fleet_api.drivers.infrastructure.repositories.postgres_credentials_repository import (
    PostgresCredentialsRepository,
)
from fleet_api.drivers.infrastructure.repositories.postgres_driver_repository import PostgresDriverRepository
from fleet_api.drivers.infrastructure.repositories.postgres_login_throttle import PostgresLoginThrottle
from fleet_api.drivers.infrastructure.repositories.postgres_session_repository import PostgresSessionRepository
from fleet_api.fleet_providers.infrastructure.repositories.postgres_fleet_provider_repository import (
    PostgresFleetProviderRepository,
)
from fleet_api.shared.infrastructure.resources import Resources


def invite_driver_depends(resources: Resources) -> InviteDriverInteractor:
    connection = resources.connection
    return InviteDriverInteractor(
        PostgresDriverRepository(connection),
        PostgresCredentialsRepository(connection),
        PostgresFleetProviderRepository(connection),
        resources.services.passwords,
        resources.events,
        resources.viewer,
    )


def activate_driver_depends(resources: Resources) -> ActivateDriverInteractor:
    return ActivateDriverInteractor(
        PostgresDriverRepository(resources.connection), resources.events, resources.services.now
    )


def update_driver_depends(resources: Resources) -> UpdateDriverInteractor:
    connection = resources.connection
    return UpdateDriverInteractor(
        PostgresDriverRepository(connection),
        resources.events,
        PostgresCredentialsRepository(connection),
        PostgresSessionRepository(connection),
        resources.services.passwords,
        resources.services.now,
    )


def suspend_driver_depends(resources: Resources) -> SuspendDriverInteractor:
    connection = resources.connection
    return SuspendDriverInteractor(
        PostgresDriverRepository(connection),
        resources.events,
        PostgresSessionRepository(connection),
        resources.services.now,
    )


def offboard_driver_depends(resources: Resources) -> OffboardDriverInteractor:
    return OffboardDriverInteractor(PostgresDriverRepository(resources.connection), resources.events)


def read_drivers_depends(resources: Resources) -> ReadDriversInteractor:
    return ReadDriversInteractor(PostgresDriverRepository(resources.connection))


def list_drivers_depends(resources: Resources) -> ListDriversInteractor:
    return ListDriversInteractor(PostgresDriverRepository(resources.connection), resources.viewer)


def list_provider_drivers_depends(resources: Resources) -> ListProviderDriversInteractor:
    return ListProviderDriversInteractor(PostgresDriverRepository(resources.connection), resources.viewer)


def count_provider_drivers_depends(resources: Resources) -> CountProviderDriversInteractor:
    return CountProviderDriversInteractor(PostgresDriverRepository(resources.connection))


def login_depends(resources: Resources) -> LoginInteractor:
    connection = resources.system_connection
    return LoginInteractor(
        PostgresCredentialsRepository(connection),
        PostgresDriverRepository(connection),
        PostgresSessionRepository(connection),
        PostgresLoginThrottle(connection, resources.services.tokens.secret("login-throttle")),
        resources.services.passwords,
        resources.events,
        resources.viewer,
        resources.services.now,
    )


def refresh_token_depends(resources: Resources) -> RefreshTokenInteractor:
    sessions = PostgresSessionRepository(resources.system_connection)
    return RefreshTokenInteractor(sessions, resources.services.refresh_tokens, resources.services.now)


def logout_depends(resources: Resources) -> LogoutInteractor:
    sessions = PostgresSessionRepository(resources.system_connection)
    return LogoutInteractor(sessions, resources.services.refresh_tokens, resources.services.now)


def find_fallen_sessions_depends(resources: Resources) -> FindFallenSessionsInteractor:
    return FindFallenSessionsInteractor(PostgresSessionRepository(resources.system_connection))
