"""A driver's sessions: login, refresh, logout, and what ends them."""

import asyncio

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.shared.domain.permission import Role
from tests.graphql.sign_in.conftest import LOGIN, PASSWORD, login, refresh, with_password
from tests.support.api import Api, global_id
from tests.support.world import World

_LOGOUT = "mutation($t: String!) { logout(input: {refreshToken: $t}) { __typename ... on Error { code } } }"


async def test_a_driver_signs_in_and_sees_themself(api: Api, driver: Driver) -> None:
    session = await login(api, driver)
    me = await api.with_token(session["accessToken"]).data("{ me { id } drivers { totalCount } }")
    assert me == {"me": {"id": global_id("Driver", driver.id)}, "drivers": {"totalCount": 1}}


async def test_passwords_are_kept_as_argon2id(api: Api, driver: Driver, world: World) -> None:
    """drivers rule 4."""
    async with world.engine.connect() as connection:
        kept = (await connection.exec_driver_sql("SELECT password_hash FROM driver_credentials")).scalar_one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


async def test_an_unknown_phone_and_a_wrong_password_answer_alike(api: Api, driver: Driver) -> None:
    wrong = await login(api, driver, "not this one at all")
    unknown = (await api.data(LOGIN, {"input": {"phone": "+4790999999", "password": PASSWORD}}))["login"]
    assert wrong == unknown == {"__typename": "Forbidden", "code": "INVALID_CREDENTIALS", "httpStatus": 401}


async def test_a_stranger_cannot_occupy_somebodys_key(api: Api, driver: Driver) -> None:
    await refresh(api, "frt_forged", idempotencyKey="k1")
    token = (await login(api, driver))["refreshToken"]
    assert (await refresh(api, token, idempotencyKey="k1"))["__typename"] == "DriverSession"


async def test_a_retry_with_another_token_at_hand_is_still_the_same_request(api: Api, driver: Driver) -> None:
    session = await login(api, driver)
    signed_in = api.with_token(session["accessToken"])
    first = await refresh(signed_in, session["refreshToken"], idempotencyKey="k1")
    assert await refresh(api, session["refreshToken"], idempotencyKey="k1") == first


async def test_one_phone_at_two_providers(api: Api, world: World) -> None:
    one = await with_password(api, world, status=DriverStatus.ACTIVE, phone="+4790000077")
    two = await with_password(api, world, status=DriverStatus.ACTIVE, phone="+4790000077")
    assert (await login(api, one))["code"] == "PROVIDER_NEEDED"
    chosen = await login(api, two, fleetProviderId=global_id("FleetProvider", two.fleet_provider_id))
    me = await api.with_token(chosen["accessToken"]).data("{ me { id } }")
    assert me["me"]["id"] == global_id("Driver", two.id)


async def test_a_suspended_namesake_is_not_in_the_way(api: Api, world: World) -> None:
    gone = await with_password(api, world, status=DriverStatus.SUSPENDED, phone="+4790000077")
    await with_password(api, world, status=DriverStatus.ACTIVE, phone="+4790000077")
    assert (await login(api, gone))["__typename"] == "DriverSession"


async def test_the_first_login_accepts_the_invitation(api: Api, world: World) -> None:
    driver = await with_password(api, world, status=DriverStatus.INVITED)
    session = await login(api, driver)
    me = await api.with_token(session["accessToken"]).data("{ me { status } }")
    assert me["me"]["status"] == "PENDING_VERIFICATION"


async def test_refresh_tokens_rotate_and_a_reused_one_ends_the_session(api: Api, driver: Driver) -> None:
    """drivers rule 2."""
    first = await login(api, driver)
    second = await refresh(api, first["refreshToken"])
    assert second["refreshToken"] != first["refreshToken"]
    assert (await refresh(api, first["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"
    # The thief's and the owner's tokens are of one family, and all of it is gone.
    assert (await refresh(api, second["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"


async def test_of_two_refreshes_at_once_one_wins(api: Api, driver: Driver) -> None:
    """drivers rule 2: the row is locked, so that both cannot rotate."""
    token = (await login(api, driver))["refreshToken"]
    answers = await asyncio.gather(*(refresh(api, token) for _ in range(5)))
    assert sorted(answer["__typename"] for answer in answers) == ["DriverSession"] + ["Forbidden"] * 4


async def test_a_refresh_whose_answer_was_lost_can_be_asked_again(api: Api, driver: Driver) -> None:
    token = (await login(api, driver))["refreshToken"]
    first = await refresh(api, token, idempotencyKey="lost-in-a-tunnel")
    again = await refresh(api, token, idempotencyKey="lost-in-a-tunnel")
    assert again == first
    assert (await refresh(api, first["refreshToken"]))["__typename"] == "DriverSession"


async def test_logout_ends_the_session(api: Api, driver: Driver) -> None:
    token = (await login(api, driver))["refreshToken"]
    assert (await api.data(_LOGOUT, {"t": token}))["logout"]["__typename"] == "EndedSession"
    assert (await refresh(api, token))["code"] == "INVALID_REFRESH_TOKEN"
    assert (await api.data(_LOGOUT, {"t": "frt_forged"}))["logout"]["code"] == "INVALID_REFRESH_TOKEN"


async def test_suspending_a_driver_ends_their_sessions(api: Api, driver: Driver) -> None:
    """drivers rule 3: refresh tokens at once, access tokens within a second."""
    session = await login(api, driver)
    signed_in = api.with_token(session["accessToken"])
    assert (await signed_in.data("{ me { id } }"))["me"] is not None
    document = "mutation($id: ID!) { suspendDriver(input: {driverId: $id}) { __typename } }"
    dispatcher = api.as_role(Role.DISPATCHER, driver.fleet_provider_id)
    await dispatcher.data(document, {"id": global_id("Driver", driver.id)})
    assert (await refresh(api, session["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"
    assert (await login(api, driver))["code"] == "INVALID_CREDENTIALS"
    await asyncio.sleep(0.6)
    answer = await signed_in.execute("{ me { id } }")
    assert (answer.response.status_code, answer.codes) == (401, ["SESSION_ENDED"])


async def test_a_new_password_ends_the_sessions_of_the_old(api: Api, driver: Driver) -> None:
    session = await login(api, driver)
    document = "mutation($input: UpdateDriverInput!) { updateDriver(input: $input) { __typename } }"
    variables = {"input": {"driverId": global_id("Driver", driver.id), "password": "another long password"}}
    await api.as_role(Role.DISPATCHER, driver.fleet_provider_id).data(document, variables)
    assert (await refresh(api, session["refreshToken"]))["code"] == "INVALID_REFRESH_TOKEN"
    assert (await login(api, driver, "another long password"))["__typename"] == "DriverSession"
