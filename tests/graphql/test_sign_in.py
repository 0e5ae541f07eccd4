"""A driver's sessions: login, refresh, logout, and what ends them."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.infrastructure.repositories.postgres_login_throttle import PostgresLoginThrottle
from fleet_api.graphql.app import make_app
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from tests.support.api import Api, global_id
from tests.support.server import serving
from tests.support.world import World

_PASSWORD = "correct horse battery"
_SESSION = "... on DriverSession { accessToken refreshToken } ... on Error { code httpStatus }"
_LOGIN = f"mutation($input: LoginInput!) {{ login(input: $input) {{ __typename {_SESSION} }} }}"
_REFRESH = f"mutation($input: RefreshTokenInput!) {{ refreshToken(input: $input) {{ __typename {_SESSION} }} }}"
_LOGOUT = "mutation($t: String!) { logout(input: {refreshToken: $t}) { __typename ... on Error { code } } }"


@pytest.fixture
async def driver(api: Api, world: World) -> Driver:
    return await _with_password(api, world, status=DriverStatus.ACTIVE)


async def _with_password(api: Api, world: World, **fields: Any) -> Driver:
    provider = await world.provider()
    driver = await world.driver(provider, **fields)
    document = "mutation($input: UpdateDriverInput!) { updateDriver(input: $input) { __typename } }"
    variables = {"input": {"driverId": global_id("Driver", driver.id), "password": _PASSWORD}}
    data = await api.as_role(Role.DISPATCHER, provider.id).data(document, variables)
    assert data["updateDriver"]["__typename"] == "Driver"
    return driver


async def _login(api: Api, driver: Driver, password: str = _PASSWORD, **more: Any) -> Any:
    return (await api.data(_LOGIN, {"input": {"phone": driver.phone, "password": password} | more}))["login"]


async def _refresh(api: Api, token: str, **more: Any) -> Any:
    return (await api.data(_REFRESH, {"input": {"refreshToken": token} | more}))["refreshToken"]


async def test_a_driver_signs_in_and_sees_themself(api: Api, driver: Driver) -> None:
    session = await _login(api, driver)
    me = await api.with_token(session["accessToken"]).data("{ me { id } drivers { totalCount } }")
    assert me == {"me": {"id": global_id("Driver", driver.id)}, "drivers": {"totalCount": 1}}


async def test_passwords_are_kept_as_argon2id(api: Api, driver: Driver, world: World) -> None:
    """drivers rule 4."""
    async with world.engine.connect() as connection:
        kept = (await connection.exec_driver_sql("SELECT password_hash FROM driver_credentials")).scalar_one()
    assert kept.startswith("$argon2id$")
    assert _PASSWORD not in kept


async def test_an_unknown_phone_and_a_wrong_password_answer_alike(api: Api, driver: Driver) -> None:
    wrong = await _login(api, driver, "not this one at all")
    unknown = (await api.data(_LOGIN, {"input": {"phone": "+4790999999", "password": _PASSWORD}}))["login"]
    assert wrong == unknown == {"__typename": "Forbidden", "code": "INVALID_CREDENTIALS", "httpStatus": 401}


async def test_failed_logins_close_the_phone_for_a_while(api: Api, driver: Driver) -> None:
    """drivers rule 4: throttled per phone."""
    for _ in range(5):
        assert (await _login(api, driver, "not this one at all"))["code"] == "INVALID_CREDENTIALS"
    closed = await _login(api, driver)
    assert closed == {"__typename": "Unavailable", "code": "TOO_MANY_ATTEMPTS", "httpStatus": 429}


async def test_who_tried_too_often_is_told_when_to_come_back(api: Api, driver: Driver, world: World) -> None:
    """drivers rule 4: and is let in again then."""
    for _ in range(6):
        await _login(api, driver, "not this one at all")
    later = "mutation($i: LoginInput!) { login(input: $i) { ... on Unavailable { retryAfter description } } }"
    asked = {"i": {"phone": driver.phone, "password": _PASSWORD}}
    refused = (await api.data(later, asked))["login"]
    assert 840 < refused["retryAfter"] <= 900
    assert refused["description"] == "Try again in 15 min."
    await _let_pass(world, refused["retryAfter"] - 60)
    nearly = (await api.data(later, asked))["login"]
    assert 0 < nearly["retryAfter"] <= 60
    assert nearly["description"] == "Try again in 1 min."
    await _let_pass(world, nearly["retryAfter"])
    assert (await _login(api, driver))["__typename"] == "DriverSession"


async def _let_pass(world: World, seconds: int) -> None:
    async with world.engine.begin() as connection:
        await connection.exec_driver_sql(
            f"UPDATE login_failures SET window_started_at = window_started_at - interval '{seconds} s'"
        )


async def test_addresses_count_each_for_itself_behind_a_proxy_that_is_trusted(
    settings: Settings, services: Services, database_url: str, api: Api, driver: Driver
) -> None:
    """drivers rule 4: what a client claims of itself counts for nothing, only what the proxy saw."""
    behind = settings.model_copy(update={"trusted_proxies": "127.0.0.1"})
    async with serving(make_app(behind, database_url), behind) as place, httpx.AsyncClient() as client:

        async def code_of(phone: str, claimed: str, seen: str) -> str | None:
            body = {"query": _LOGIN, "variables": {"input": {"phone": phone, "password": "whatever it may be"}}}
            headers = {"x-forwarded-for": f"{claimed}, {seen}"}
            answer = await client.post(f"http://{place}/graphql", json=body, headers=headers, timeout=30)
            return answer.json()["data"]["login"].get("code")

        tries = [(f"+47909{n:05}", f"203.0.113.{n}", "192.0.2.1") for n in range(50)]
        assert {await code_of(*each) for each in tries} == {"INVALID_CREDENTIALS"}
        assert await code_of("+4790900051", "203.0.113.99", "192.0.2.1") == "TOO_MANY_ATTEMPTS"
        assert await code_of("+4790900051", "192.0.2.1", "192.0.2.2") == "INVALID_CREDENTIALS"


async def test_one_household_of_ipv6_counts_as_one(database_url: str, services: Services) -> None:
    """drivers rule 4: an address there is one of 2⁶⁴ that the same client has."""
    database, at = Database(database_url, pool_size=1), datetime.now(UTC)
    async with database.transaction() as connection:
        throttle = PostgresLoginThrottle(TenantConnection(Transaction(connection), Viewer.system()), b"secret")
        for n in range(50):
            assert await throttle.admit(f"phone {n}", f"2001:db8:1:2::{n:x}", at) is None
        assert await throttle.admit("phone", "2001:db8:1:2:ffff::1", at) == 900
        assert await throttle.admit("phone", "2001:db8:1:3::1", at) is None
    await database.close()


async def test_failed_logins_close_the_address_for_a_while(api: Api, driver: Driver) -> None:
    """drivers rule 4: throttled per address, whatever the phone."""
    attempts = [{"phone": f"+47909{n:05}", "password": "whatever it may be"} for n in range(50)]
    codes = [(await api.data(_LOGIN, {"input": attempt}))["login"]["code"] for attempt in attempts]
    assert set(codes) == {"INVALID_CREDENTIALS"}
    assert (await _login(api, driver))["code"] == "TOO_MANY_ATTEMPTS"


async def test_of_many_tries_at_once_no_more_than_the_limit_are_tried(api: Api, driver: Driver) -> None:
    """drivers rule 4: a try is counted before it is made."""
    answers = await asyncio.gather(*(_login(api, driver, f"guess number {n} of many") for n in range(20)))
    codes = [answer["code"] for answer in answers]
    assert codes.count("INVALID_CREDENTIALS") == 5
    assert codes.count("TOO_MANY_ATTEMPTS") == 15


async def test_a_guessed_key_tells_nothing_of_the_password(api: Api, driver: Driver) -> None:
    """Another body is another key: no Conflict that could be compared with, and no try that is not counted."""
    await _login(api, driver, idempotencyKey="login-1")
    codes = [
        (await _login(api, driver, f"guess number {n} of six", idempotencyKey="login-1"))["code"] for n in range(6)
    ]
    assert codes == ["INVALID_CREDENTIALS"] * 5 + ["TOO_MANY_ATTEMPTS"]


async def test_a_stranger_cannot_occupy_somebodys_key(api: Api, driver: Driver) -> None:
    await _refresh(api, "frt_forged", idempotencyKey="k1")
    token = (await _login(api, driver))["refreshToken"]
    assert (await _refresh(api, token, idempotencyKey="k1"))["__typename"] == "DriverSession"


async def test_a_retry_with_another_token_at_hand_is_still_the_same_request(api: Api, driver: Driver) -> None:
    session = await _login(api, driver)
    signed_in = api.with_token(session["accessToken"])
    first = await _refresh(signed_in, session["refreshToken"], idempotencyKey="k1")
    assert await _refresh(api, session["refreshToken"], idempotencyKey="k1") == first


async def test_not_now_is_not_kept_under_a_key(api: Api, driver: Driver, world: World) -> None:
    for _ in range(5):
        await _login(api, driver, "not this one at all")
    assert (await _login(api, driver, idempotencyKey="k1"))["code"] == "TOO_MANY_ATTEMPTS"
    async with world.engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM login_failures")
    assert (await _login(api, driver, idempotencyKey="k1"))["__typename"] == "DriverSession"


async def test_one_phone_at_two_providers(api: Api, world: World) -> None:
    one = await _with_password(api, world, status=DriverStatus.ACTIVE, phone="+4790000077")
    two = await _with_password(api, world, status=DriverStatus.ACTIVE, phone="+4790000077")
    assert (await _login(api, one))["code"] == "PROVIDER_NEEDED"
    chosen = await _login(api, two, fleetProviderId=global_id("FleetProvider", two.fleet_provider_id))
    me = await api.with_token(chosen["accessToken"]).data("{ me { id } }")
    assert me["me"]["id"] == global_id("Driver", two.id)


async def test_a_suspended_namesake_is_not_in_the_way(api: Api, world: World) -> None:
    gone = await _with_password(api, world, status=DriverStatus.SUSPENDED, phone="+4790000077")
    await _with_password(api, world, status=DriverStatus.ACTIVE, phone="+4790000077")
    assert (await _login(api, gone))["__typename"] == "DriverSession"


async def test_the_first_login_accepts_the_invitation(api: Api, world: World) -> None:
    driver = await _with_password(api, world, status=DriverStatus.INVITED)
    session = await _login(api, driver)
    me = await api.with_token(session["accessToken"]).data("{ me { status } }")
    assert me["me"]["status"] == "PENDING_VERIFICATION"


async def test_refresh_tokens_rotate_and_a_reused_one_ends_the_session(api: Api, driver: Driver) -> None:
    """drivers rule 2."""
    first = await _login(api, driver)
    second = await _refresh(api, first["refreshToken"])
    assert second["refreshToken"] != first["refreshToken"]
    assert (await _refresh(api, first["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"
    # The thief's and the owner's tokens are of one family, and all of it is gone.
    assert (await _refresh(api, second["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"


async def test_of_two_refreshes_at_once_one_wins(api: Api, driver: Driver) -> None:
    """drivers rule 2: the row is locked, so that both cannot rotate."""
    token = (await _login(api, driver))["refreshToken"]
    answers = await asyncio.gather(*(_refresh(api, token) for _ in range(5)))
    assert sorted(answer["__typename"] for answer in answers) == ["DriverSession"] + ["Forbidden"] * 4


async def test_a_refresh_whose_answer_was_lost_can_be_asked_again(api: Api, driver: Driver) -> None:
    token = (await _login(api, driver))["refreshToken"]
    first = await _refresh(api, token, idempotencyKey="lost-in-a-tunnel")
    again = await _refresh(api, token, idempotencyKey="lost-in-a-tunnel")
    assert again == first
    assert (await _refresh(api, first["refreshToken"]))["__typename"] == "DriverSession"


async def test_logout_ends_the_session(api: Api, driver: Driver) -> None:
    token = (await _login(api, driver))["refreshToken"]
    assert (await api.data(_LOGOUT, {"t": token}))["logout"]["__typename"] == "EndedSession"
    assert (await _refresh(api, token))["code"] == "INVALID_REFRESH_TOKEN"
    assert (await api.data(_LOGOUT, {"t": "frt_forged"}))["logout"]["code"] == "INVALID_REFRESH_TOKEN"


async def test_suspending_a_driver_ends_their_sessions(api: Api, driver: Driver) -> None:
    """drivers rule 3: refresh tokens at once, access tokens within a second."""
    session = await _login(api, driver)
    signed_in = api.with_token(session["accessToken"])
    assert (await signed_in.data("{ me { id } }"))["me"] is not None
    document = "mutation($id: ID!) { suspendDriver(input: {driverId: $id}) { __typename } }"
    dispatcher = api.as_role(Role.DISPATCHER, driver.fleet_provider_id)
    await dispatcher.data(document, {"id": global_id("Driver", driver.id)})
    assert (await _refresh(api, session["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"
    assert (await _login(api, driver))["code"] == "INVALID_CREDENTIALS"
    await asyncio.sleep(0.6)
    answer = await signed_in.execute("{ me { id } }")
    assert (answer.response.status_code, answer.codes) == (401, ["SESSION_ENDED"])


async def test_a_new_password_ends_the_sessions_of_the_old(api: Api, driver: Driver) -> None:
    session = await _login(api, driver)
    document = "mutation($input: UpdateDriverInput!) { updateDriver(input: $input) { __typename } }"
    variables = {"input": {"driverId": global_id("Driver", driver.id), "password": "another long password"}}
    await api.as_role(Role.DISPATCHER, driver.fleet_provider_id).data(document, variables)
    assert (await _refresh(api, session["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"
    assert (await _login(api, driver, "another long password"))["__typename"] == "DriverSession"
