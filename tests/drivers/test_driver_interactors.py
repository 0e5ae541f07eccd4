"""The use cases of drivers over fakes of their ports: no database, no GraphQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fleet_api.drivers.application.find_fallen_sessions_interactor import FindFallenSessionsInteractor
from fleet_api.drivers.application.logout_interactor import LogoutInteractor
from fleet_api.drivers.application.offboard_driver_interactor import OffboardDriverInteractor
from fleet_api.drivers.domain.driver_dto import DriverChangeDto
from fleet_api.drivers.domain.entities.driver_session import SESSION_LIFE, DriverSession
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.domain.session_dto import LoginDto, SessionDto
from fleet_api.drivers.domain.session_repository import Standing
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.shared.domain.output_context import OutputSuccessContext
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from tests.drivers.fakes import (
    FakeRefreshTokens,
    older,
    used,
)
from tests.drivers.made import DISPATCHER, INVITATION, NOW, PROVIDER, Office, a_driver, code


async def test_phone_and_email_are_unique_within_a_provider() -> None:
    """drivers rule 1."""
    office = Office()
    assert code(await office.invite().run_async(INVITATION, DISPATCHER)) == "OK"
    same_phone = INVITATION.model_copy(update={"email": "other@example.com"})
    same_email = INVITATION.model_copy(update={"phone": "+4791234568"})
    assert code(await office.invite().run_async(same_phone, DISPATCHER)) == "PHONE_TAKEN"
    assert code(await office.invite().run_async(same_email, DISPATCHER)) == "EMAIL_TAKEN"
    other = replace(PROVIDER, id=a_driver().id)
    elsewhere = Viewer("bert", Role.DISPATCHER, other.id)
    assert code(await office.invite(other, elsewhere).run_async(INVITATION, elsewhere)) == "OK"


async def test_a_stopped_provider_takes_nobody_on() -> None:
    suspended = replace(PROVIDER, status=FleetProviderStatus.SUSPENDED)
    output = await Office().invite(suspended).run_async(INVITATION, DISPATCHER)
    assert code(output) == "PROVIDER_NOT_OPERATING"


async def test_the_platform_says_for_whom_it_invites() -> None:
    ops = Viewer.system()
    assert code(await Office().invite(viewer=ops).run_async(INVITATION, ops)) == "PROVIDER_NEEDED"
    named = INVITATION.model_copy(update={"fleet_provider_id": PROVIDER.id})
    assert code(await Office().invite(viewer=ops).run_async(named, ops)) == "OK"


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
    driver = a_driver(status=status)
    dto = DriverChangeDto(driver_id=driver.id)
    office = Office(driver)
    assert code(await office.activate().run_async(dto, DISPATCHER)) == activate
    office = Office(driver)
    assert code(await office.suspend().run_async(dto, DISPATCHER)) == suspend
    office = Office(driver)
    assert code(await OffboardDriverInteractor(office.drivers, office.events).run_async(dto, DISPATCHER)) == offboard


async def test_an_expired_licence_does_not_activate() -> None:
    driver = a_driver(status=DriverStatus.SUSPENDED, licence_expires_on=NOW.date() - timedelta(days=1))
    output = await Office(driver).activate().run_async(DriverChangeDto(driver_id=driver.id), DISPATCHER)
    assert code(output) == "LICENCE_EXPIRED"


async def test_an_unknown_phone_costs_what_a_wrong_password_costs() -> None:
    """drivers rule 4."""
    driver = a_driver()
    office = Office(driver)
    await office.credentials.set(driver, "hash of right")
    for phone in (driver.phone, "+4799999999"):
        office.passwords.verified = 0
        output = await office.login().run_async(LoginDto(phone=phone, password="wrong"), ANONYMOUS)
        assert (code(output), office.passwords.verified) == ("INVALID_CREDENTIALS", 1)


async def test_a_login_that_succeeds_is_no_try() -> None:
    driver = a_driver()
    office = Office(driver)
    await office.credentials.set(driver, "hash of right")
    for _ in range(20):
        assert code(await office.login().run_async(LoginDto(phone=driver.phone, password="right"), ANONYMOUS)) == "OK"


async def test_a_session_ends_when_it_is_not_refreshed_for_too_long() -> None:
    driver = a_driver()
    office = Office(driver)
    session = DriverSession.open(PROVIDER.id, driver.id, NOW)
    await office.sessions.add(session)
    office.now = NOW + SESSION_LIFE
    output = await office.refresh().run_async(SessionDto(refresh_token=used(session)), ANONYMOUS)
    assert code(output) == "INVALID_REFRESH_TOKEN"


async def test_a_used_refresh_token_revokes_its_family() -> None:
    """drivers rule 2."""
    driver = a_driver()
    office = Office(driver)
    session = DriverSession.open(PROVIDER.id, driver.id, NOW)
    await office.sessions.add(session)
    rotated = await office.refresh().run_async(SessionDto(refresh_token=used(session)), ANONYMOUS)
    assert isinstance(rotated, OutputSuccessContext)
    stolen = SessionDto(refresh_token=used(older(rotated.data)))
    assert code(await office.refresh().run_async(stolen, ANONYMOUS)) == "INVALID_REFRESH_TOKEN"
    assert office.sessions.rows[session.id].revoked_at == NOW
    newest = SessionDto(refresh_token=used(rotated.data))
    assert code(await office.refresh().run_async(newest, ANONYMOUS)) == "INVALID_REFRESH_TOKEN"


async def test_logout_takes_old_tokens_too_and_is_repeatable() -> None:
    driver = a_driver()
    office = Office(driver)
    session = DriverSession.open(PROVIDER.id, driver.id, NOW).rotate(NOW)
    await office.sessions.add(session)
    logout = LogoutInteractor(office.sessions, FakeRefreshTokens(), lambda: NOW)
    for token in (used(older(session)), used(session)):
        assert code(await logout.run_async(SessionDto(refresh_token=token), ANONYMOUS)) == "OK"
    assert office.sessions.rows[session.id].revoked_at == NOW


async def test_who_lost_the_right_to_a_token_is_found() -> None:
    """drivers rule 3."""
    active, suspended = a_driver(), a_driver(status=DriverStatus.SUSPENDED)
    office = Office(active, suspended)
    standing = DriverSession.open(PROVIDER.id, active.id, NOW)
    revoked = DriverSession.open(PROVIDER.id, active.id, NOW).revoke(NOW)
    await office.sessions.add(standing)
    await office.sessions.add(revoked)
    asked = [
        Standing(active.id, None),
        Standing(active.id, standing.id),
        Standing(active.id, revoked.id),
        Standing(suspended.id, None),
        Standing(PROVIDER.id, None),
    ]
    output = await FindFallenSessionsInteractor(office.sessions).run_async(asked, Viewer.system())
    assert output == OutputSuccessContext(asked[2:])
