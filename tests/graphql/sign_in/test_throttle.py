"""Whoever guesses passwords is stopped for a while: by phone and by address, at once, and whatever they claim."""

import asyncio
from datetime import UTC, datetime

import httpx

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.infrastructure.repositories.postgres_login_throttle import PostgresLoginThrottle
from fleet_api.graphql.app import make_app
from fleet_api.settings import Settings
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from tests.graphql.sign_in.conftest import LOGIN, PASSWORD, login
from tests.support.api import Api
from tests.support.server import serving
from tests.support.world import World


async def test_failed_logins_close_the_phone_for_a_while(api: Api, driver: Driver) -> None:
    """drivers rule 4: throttled per phone."""
    for _ in range(5):
        assert (await login(api, driver, "not this one at all"))["code"] == "INVALID_CREDENTIALS"
    closed = await login(api, driver)
    assert closed == {"__typename": "Unavailable", "code": "TOO_MANY_ATTEMPTS", "httpStatus": 429}


async def test_who_tried_too_often_is_told_when_to_come_back(api: Api, driver: Driver, world: World) -> None:
    """drivers rule 4: and is let in again then."""
    for _ in range(6):
        await login(api, driver, "not this one at all")
    later = "mutation($i: LoginInput!) { login(input: $i) { ... on Unavailable { retryAfter description } } }"
    asked = {"i": {"phone": driver.phone, "password": PASSWORD}}
    refused = (await api.data(later, asked))["login"]
    assert 840 < refused["retryAfter"] <= 900
    assert refused["description"] == "Try again in 15 min."
    await _let_pass(world, refused["retryAfter"] - 60)
    nearly = (await api.data(later, asked))["login"]
    assert 0 < nearly["retryAfter"] <= 60
    assert nearly["description"] == "Try again in 1 min."
    await _let_pass(world, nearly["retryAfter"])
    assert (await login(api, driver))["__typename"] == "DriverSession"


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
            body = {"query": LOGIN, "variables": {"input": {"phone": phone, "password": "whatever it may be"}}}
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
    codes = [(await api.data(LOGIN, {"input": attempt}))["login"]["code"] for attempt in attempts]
    assert set(codes) == {"INVALID_CREDENTIALS"}
    assert (await login(api, driver))["code"] == "TOO_MANY_ATTEMPTS"


async def test_of_many_tries_at_once_no_more_than_the_limit_are_tried(api: Api, driver: Driver) -> None:
    """drivers rule 4: a try is counted before it is made."""
    answers = await asyncio.gather(*(login(api, driver, f"guess number {n} of many") for n in range(20)))
    codes = [answer["code"] for answer in answers]
    assert codes.count("INVALID_CREDENTIALS") == 5
    assert codes.count("TOO_MANY_ATTEMPTS") == 15


async def test_a_guessed_key_tells_nothing_of_the_password(api: Api, driver: Driver) -> None:
    """Another body is another key: no Conflict that could be compared with, and no try that is not counted."""
    await login(api, driver, idempotencyKey="login-1")
    codes = [(await login(api, driver, f"guess number {n} of six", idempotencyKey="login-1"))["code"] for n in range(6)]
    assert codes == ["INVALID_CREDENTIALS"] * 5 + ["TOO_MANY_ATTEMPTS"]


async def test_not_now_is_not_kept_under_a_key(api: Api, driver: Driver, world: World) -> None:
    for _ in range(5):
        await login(api, driver, "not this one at all")
    assert (await login(api, driver, idempotencyKey="k1"))["code"] == "TOO_MANY_ATTEMPTS"
    async with world.engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM login_failures")
    assert (await login(api, driver, idempotencyKey="k1"))["__typename"] == "DriverSession"
