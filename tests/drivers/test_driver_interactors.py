"""The use cases of drivers over fakes of their ports: no database, no GraphQL."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fleet_api.drivers.application.activate_driver_interactor import ActivateDriverInteractor
from fleet_api.drivers.application.find_fallen_sessions_interactor import FindFallenSessionsInteractor
from fleet_api.drivers.application.invite_driver_interactor import InviteDriverInteractor
from fleet_api.drivers.application.login_interactor import LoginInteractor
from fleet_api.drivers.application.logout_interactor import LogoutInteractor
from fleet_api.drivers.application.offboard_driver_interactor import OffboardDriverInteractor
from fleet_api.drivers.application.refresh_token_interactor import RefreshTokenInteractor
from fleet_api.drivers.application.suspend_driver_interactor import SuspendDriverInteractor
from fleet_api.drivers.application.update_driver_interactor import UpdateDriverInteractor
from fleet_api.drivers.domain.driver_dto import DriverChangeDto, InviteDriverDto, UpdateDriverDto
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_session import SESSION_LIFE, DriverSession
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.domain.session_dto import LoginDto, SessionDto
from fleet_api.drivers.domain.session_repository import Standing
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.fleet_providers.domain.fleet_provider_dto import RegisterFleetProviderDto
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from tests.drivers.fakes import (
    FakeCredentialsRepository,
    FakeDriverRepository,
    FakeLoginThrottle,
    FakePasswords,
    FakeRefreshTokens,
    FakeSessionRepository,
    older,
    used,
)
from tests.fleet_providers.fakes import FakeFleetProviderRepository
from tests.shared.fakes import FakeEventPublisher

_NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
_PROVIDER = replace(
    FleetProvider.register(
        RegisterFleetProviderDto(legal_name="N", tax_id="1", country_code="NO", currency="NOK", timezone="Europe/Oslo"),
        None,
    ),
    status=FleetProviderStatus.ACTIVE,
)
_DISPATCHER = Viewer("anna", Role.DISPATCHER, _PROVIDER.id)
_INVITATION = InviteDriverDto(
    full_name="Kari Nordmann",
    phone="+4791234567",
    email="Kari@Example.com",
    licence_number="1",
    licence_country="NO",
    licence_classes=("B",),
    licence_expires_on=date(2030, 1, 1),
)


def _driver(**fields: object) -> Driver:
    return replace(Driver.invite(_INVITATION, _PROVIDER.id), **{"status": DriverStatus.ACTIVE} | fields)  # type: ignore[arg-type]


def _code(output: OutputContext[object]) -> str:
    return output.code if isinstance(output, OutputErrorContext) else "OK"


class _World:
    def __init__(self, *drivers: Driver) -> None:
        self.drivers = FakeDriverRepository(*drivers)
        self.credentials = FakeCredentialsRepository(self.drivers)
        self.sessions = FakeSessionRepository(self.drivers)
        self.throttle = FakeLoginThrottle()
        self.passwords = FakePasswords()
        self.events = FakeEventPublisher()
        self.now = _NOW

    def invite(self, provider: FleetProvider = _PROVIDER, viewer: Viewer = _DISPATCHER) -> InviteDriverInteractor:
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


async def test_phone_and_email_are_unique_within_a_provider() -> None:
    """drivers rule 1."""
    world = _World()
    assert _code(await world.invite().run_async(_INVITATION, _DISPATCHER)) == "OK"
    same_phone = _INVITATION.model_copy(update={"email": "other@example.com"})
    same_email = _INVITATION.model_copy(update={"phone": "+4791234568"})
    assert _code(await world.invite().run_async(same_phone, _DISPATCHER)) == "PHONE_TAKEN"
    assert _code(await world.invite().run_async(same_email, _DISPATCHER)) == "EMAIL_TAKEN"
    other = replace(_PROVIDER, id=_driver().id)
    elsewhere = Viewer("bert", Role.DISPATCHER, other.id)
    assert _code(await world.invite(other, elsewhere).run_async(_INVITATION, elsewhere)) == "OK"


async def test_a_stopped_provider_takes_nobody_on() -> None:
    suspended = replace(_PROVIDER, status=FleetProviderStatus.SUSPENDED)
    output = await _World().invite(suspended).run_async(_INVITATION, _DISPATCHER)
    assert _code(output) == "PROVIDER_NOT_OPERATING"


async def test_the_platform_says_for_whom_it_invites() -> None:
    ops = Viewer.system()
    assert _code(await _World().invite(viewer=ops).run_async(_INVITATION, ops)) == "PROVIDER_NEEDED"
    named = _INVITATION.model_copy(update={"fleet_provider_id": _PROVIDER.id})
    assert _code(await _World().invite(viewer=ops).run_async(named, ops)) == "OK"


@pytest.mark.parametrize(
    ("status", "activate", "suspend", "offboard"),
    [
        (DriverStatus.INVITED, "OK", "ILLEGAL_TRANSITION", "ILLEGAL_TRANSITION"),
        (DriverStatus.PENDING_VERIFICATION, "OK", "ILLEGAL_TRANSITION", "ILLEGAL_TRANSITION"),
        (DriverStatus.ACTIVE, "ILLEGAL_TRANSITION", "OK", "ILLEGAL_TRANSITION"),
        (DriverStatus.SUSPENDED, "OK", "ILLEGAL_TRANSITION", "OK"),
        (DriverStatus.OFFBOARDED, "ILLEGAL_TRANSITION", "ILLEGAL_TRANSITION", "ILLEGAL_TRANSITION"),
    ],
)
async def test_states_change_only_by_their_transitions(
    status: DriverStatus, activate: str, suspend: str, offboard: str
) -> None:
    driver = _driver(status=status)
    dto = DriverChangeDto(driver_id=driver.id)
    world = _World(driver)
    assert _code(await world.activate().run_async(dto, _DISPATCHER)) == activate
    world = _World(driver)
    assert _code(await world.suspend().run_async(dto, _DISPATCHER)) == suspend
    world = _World(driver)
    assert _code(await OffboardDriverInteractor(world.drivers, world.events).run_async(dto, _DISPATCHER)) == offboard


async def test_an_expired_licence_does_not_activate() -> None:
    driver = _driver(status=DriverStatus.SUSPENDED, licence_expires_on=_NOW.date() - timedelta(days=1))
    output = await _World(driver).activate().run_async(DriverChangeDto(driver_id=driver.id), _DISPATCHER)
    assert _code(output) == "LICENCE_EXPIRED"


async def test_an_unknown_phone_costs_what_a_wrong_password_costs() -> None:
    """drivers rule 4."""
    driver = _driver()
    world = _World(driver)
    await world.credentials.set(driver, "hash of right")
    for phone in (driver.phone, "+4799999999"):
        world.passwords.verified = 0
        output = await world.login().run_async(LoginDto(phone=phone, password="wrong"), ANONYMOUS)
        assert (_code(output), world.passwords.verified) == ("INVALID_CREDENTIALS", 1)


async def test_a_login_that_succeeds_is_no_try() -> None:
    driver = _driver()
    world = _World(driver)
    await world.credentials.set(driver, "hash of right")
    for _ in range(20):
        assert _code(await world.login().run_async(LoginDto(phone=driver.phone, password="right"), ANONYMOUS)) == "OK"


async def test_a_session_ends_when_it_is_not_refreshed_for_too_long() -> None:
    driver = _driver()
    world = _World(driver)
    session = DriverSession.open(_PROVIDER.id, driver.id, _NOW)
    await world.sessions.add(session)
    world.now = _NOW + SESSION_LIFE
    output = await world.refresh().run_async(SessionDto(refresh_token=used(session)), ANONYMOUS)
    assert _code(output) == "INVALID_REFRESH_TOKEN"


async def test_a_used_refresh_token_revokes_its_family() -> None:
    """drivers rule 2."""
    driver = _driver()
    world = _World(driver)
    session = DriverSession.open(_PROVIDER.id, driver.id, _NOW)
    await world.sessions.add(session)
    rotated = await world.refresh().run_async(SessionDto(refresh_token=used(session)), ANONYMOUS)
    assert isinstance(rotated, OutputSuccessContext)
    stolen = SessionDto(refresh_token=used(older(rotated.data)))
    assert _code(await world.refresh().run_async(stolen, ANONYMOUS)) == "INVALID_REFRESH_TOKEN"
    assert world.sessions.rows[session.id].revoked_at == _NOW
    newest = SessionDto(refresh_token=used(rotated.data))
    assert _code(await world.refresh().run_async(newest, ANONYMOUS)) == "INVALID_REFRESH_TOKEN"


async def test_logout_takes_old_tokens_too_and_is_repeatable() -> None:
    driver = _driver()
    world = _World(driver)
    session = DriverSession.open(_PROVIDER.id, driver.id, _NOW).rotate(_NOW)
    await world.sessions.add(session)
    logout = LogoutInteractor(world.sessions, FakeRefreshTokens(), lambda: _NOW)
    for token in (used(older(session)), used(session)):
        assert _code(await logout.run_async(SessionDto(refresh_token=token), ANONYMOUS)) == "OK"
    assert world.sessions.rows[session.id].revoked_at == _NOW


async def test_who_lost_the_right_to_a_token_is_found() -> None:
    """drivers rule 3."""
    active, suspended = _driver(), _driver(status=DriverStatus.SUSPENDED)
    world = _World(active, suspended)
    standing = DriverSession.open(_PROVIDER.id, active.id, _NOW)
    revoked = DriverSession.open(_PROVIDER.id, active.id, _NOW).revoke(_NOW)
    await world.sessions.add(standing)
    await world.sessions.add(revoked)
    asked = [
        Standing(active.id, None),
        Standing(active.id, standing.id),
        Standing(active.id, revoked.id),
        Standing(suspended.id, None),
        Standing(_PROVIDER.id, None),
    ]
    output = await FindFallenSessionsInteractor(world.sessions).run_async(asked, Viewer.system())
    assert output == OutputSuccessContext(asked[2:])


async def test_an_invitation_and_its_acceptance_are_told_by_whoever_they_are_of() -> None:
    world = _World()
    invited = await world.invite().run_async(_INVITATION.model_copy(update={"password": "right"}), _DISPATCHER)
    assert isinstance(invited, OutputSuccessContext)
    me, at = invited.data.id, _PROVIDER.id
    for _ in range(2):  # only the first login accepts
        await world.login().run_async(LoginDto(phone=_INVITATION.phone, password="right"), ANONYMOUS)
    assert world.events.told == [
        Event("DRIVER_INVITED", me, at, None, "INVITED", me),
        Event("DRIVER_STATUS_CHANGED", me, at, "INVITED", "PENDING_VERIFICATION", me),
    ]
    assert world.events.actors == [None, f"driver:{me}"]


async def test_every_step_of_a_driver_is_told_from_and_to() -> None:
    driver = _driver()
    world = _World(driver)
    dto = DriverChangeDto(driver_id=driver.id)
    steps = [world.suspend(), world.activate(), world.suspend(), OffboardDriverInteractor(world.drivers, world.events)]
    for step in steps:
        assert _code(await step.run_async(dto, _DISPATCHER)) == "OK"
    assert [(event.kind, event.before, event.after) for event in world.events.told] == [
        ("DRIVER_STATUS_CHANGED", "ACTIVE", "SUSPENDED"),
        ("DRIVER_STATUS_CHANGED", "SUSPENDED", "ACTIVE"),
        ("DRIVER_STATUS_CHANGED", "ACTIVE", "SUSPENDED"),
        ("DRIVER_STATUS_CHANGED", "SUSPENDED", "OFFBOARDED"),
    ]
    assert {event.changed for event in world.events.told} == {()}


@pytest.mark.parametrize(
    ("asked", "changed"),
    [
        ({"full_name": "Kari N.", "licence_classes": ("B", "C1")}, ("fullName", "licenceClasses")),
        ({"password": "a new one, long enough"}, ("password",)),
        ({"full_name": "Kari N.", "password": "a new one, long enough"}, ("fullName", "password")),
        ({"full_name": "Kari Nordmann", "licence_classes": ("B",)}, None),
        ({}, None),
    ],
)
async def test_a_correction_tells_which_fields_and_not_what_they_hold(
    asked: dict[str, Any], changed: tuple[str, ...] | None
) -> None:
    driver = _driver()
    world = _World(driver)
    assert _code(await world.update().run_async(UpdateDriverDto(driver_id=driver.id, **asked), _DISPATCHER)) == "OK"
    assert world.drivers.rows[driver.id].version == driver.version + 1
    expected = Event("DRIVER_UPDATED", driver.id, _PROVIDER.id, driver_id=driver.id, changed=changed or ())
    assert world.events.told == ([expected] if changed else [])


async def test_what_is_refused_is_not_told() -> None:
    driver = _driver(status=DriverStatus.INVITED)
    world = _World(driver)
    await world.suspend().run_async(DriverChangeDto(driver_id=driver.id), _DISPATCHER)
    await world.activate().run_async(DriverChangeDto(driver_id=driver.id, expected_version=9), _DISPATCHER)
    await world.invite().run_async(_INVITATION, _DISPATCHER)  # the phone is taken
    assert world.events.told == []
