"""Drivers, their provider, and the use cases over fakes of their ports."""

from dataclasses import replace
from datetime import UTC, date, datetime

from fleet_api.drivers.application.activate_driver_interactor import ActivateDriverInteractor
from fleet_api.drivers.application.invite_driver_interactor import InviteDriverInteractor
from fleet_api.drivers.application.login_interactor import LoginInteractor
from fleet_api.drivers.application.refresh_token_interactor import RefreshTokenInteractor
from fleet_api.drivers.application.suspend_driver_interactor import SuspendDriverInteractor
from fleet_api.drivers.application.update_driver_interactor import UpdateDriverInteractor
from fleet_api.drivers.domain.driver_dto import InviteDriverDto
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.fleet_providers.domain.fleet_provider_dto import RegisterFleetProviderDto
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from tests.drivers.fakes import (
    FakeCredentialsRepository,
    FakeDriverRepository,
    FakeLoginThrottle,
    FakePasswords,
    FakeRefreshTokens,
    FakeSessionRepository,
)
from tests.fleet_providers.fakes import FakeFleetProviderRepository
from tests.shared.fakes import FakeEventPublisher

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
PROVIDER = replace(
    FleetProvider.register(
        RegisterFleetProviderDto(legal_name="N", tax_id="1", country_code="NO", currency="NOK", timezone="Europe/Oslo"),
        None,
    ),
    status=FleetProviderStatus.ACTIVE,
)
DISPATCHER = Viewer("anna", Role.DISPATCHER, PROVIDER.id)
INVITATION = InviteDriverDto(
    full_name="Kari Nordmann",
    phone="+4791234567",
    email="Kari@Example.com",
    licence_number="1",
    licence_country="NO",
    licence_classes=("B",),
    licence_expires_on=date(2030, 1, 1),
)


def a_driver(**fields: object) -> Driver:
    return replace(Driver.invite(INVITATION, PROVIDER.id), **{"status": DriverStatus.ACTIVE} | fields)  # type: ignore[arg-type]


def code(output: OutputContext[object]) -> str:
    return output.code if isinstance(output, OutputErrorContext) else "OK"


class Office:
    def __init__(self, *drivers: Driver) -> None:
        self.drivers = FakeDriverRepository(*drivers)
        self.credentials = FakeCredentialsRepository(self.drivers)
        self.sessions = FakeSessionRepository(self.drivers)
        self.throttle = FakeLoginThrottle()
        self.passwords = FakePasswords()
        self.events = FakeEventPublisher()
        self.now = NOW

    def invite(self, provider: FleetProvider = PROVIDER, viewer: Viewer = DISPATCHER) -> InviteDriverInteractor:
        providers = FakeFleetProviderRepository(provider)
        return InviteDriverInteractor(self.drivers, self.credentials, providers, self.passwords, self.events, viewer)

    def activate(self) -> ActivateDriverInteractor:
        return ActivateDriverInteractor(self.drivers, self.events, lambda: self.now)

    def suspend(self) -> SuspendDriverInteractor:
        return SuspendDriverInteractor(self.drivers, self.events, self.sessions, lambda: self.now)

    def update(self) -> UpdateDriverInteractor:
        return UpdateDriverInteractor(
            self.drivers, self.events, self.credentials, self.sessions, self.passwords, lambda: self.now
        )

    def login(self) -> LoginInteractor:
        viewer = replace(ANONYMOUS, address="192.0.2.1")
        return LoginInteractor(
            self.credentials,
            self.drivers,
            self.sessions,
            self.throttle,
            self.passwords,
            self.events,
            viewer,
            lambda: self.now,
        )

    def refresh(self) -> RefreshTokenInteractor:
        return RefreshTokenInteractor(self.sessions, FakeRefreshTokens(), lambda: self.now)
