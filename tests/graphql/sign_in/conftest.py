"""A driver who has a password, and how they sign in with it."""

from typing import Any

import pytest

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.shared.domain.permission import Role
from tests.support.api import Api, global_id
from tests.support.world import World

PASSWORD = "correct horse battery"
_SESSION = "... on DriverSession { accessToken refreshToken } ... on Error { code httpStatus }"
LOGIN = f"mutation($input: LoginInput!) {{ login(input: $input) {{ __typename {_SESSION} }} }}"
_REFRESH = f"mutation($input: RefreshTokenInput!) {{ refreshToken(input: $input) {{ __typename {_SESSION} }} }}"


@pytest.fixture
async def driver(api: Api, world: World) -> Driver:
    return await with_password(api, world, status=DriverStatus.ACTIVE)


async def with_password(api: Api, world: World, **fields: Any) -> Driver:
    provider = await world.provider()
    driver = await world.driver(provider, **fields)
    document = "mutation($input: UpdateDriverInput!) { updateDriver(input: $input) { __typename } }"
    variables = {"input": {"driverId": global_id("Driver", driver.id), "password": PASSWORD}}
    data = await api.as_role(Role.DISPATCHER, provider.id).data(document, variables)
    assert data["updateDriver"]["__typename"] == "Driver"
    return driver


async def login(api: Api, driver: Driver, password: str = PASSWORD, **more: Any) -> Any:
    return (await api.data(LOGIN, {"input": {"phone": driver.phone, "password": password} | more}))["login"]


async def refresh(api: Api, token: str, **more: Any) -> Any:
    return (await api.data(_REFRESH, {"input": {"refreshToken": token} | more}))["refreshToken"]
