"""The demo's role switch, and who may not use it."""

from collections.abc import AsyncIterator

import httpx
import jwt
import pytest
from starlette.applications import Starlette

from fleet_api.demo.visitors import DemoVisitors
from fleet_api.graphql.app import make_app
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api

PATH = "/graphiql/sign-in"
DISPATCHER = {"role": "dispatcher", "provider": "north"}


@pytest.fixture
async def api(demo_app: Starlette, services: Services) -> AsyncIterator[Api]:
    async with Api.serving(demo_app, services) as api:
        yield api


@pytest.mark.parametrize("provider", DemoVisitors.providers)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DEVICE])
async def test_a_token_for_everybody(api: Api, role: Role, provider: str) -> None:
    answer = await api.client.post(PATH, json={"role": role, "provider": provider})
    assert answer.headers["cache-control"] == "no-store"

    viewer = await api.with_token(answer.json()["token"]).data("{ viewer { role fleetProvider { countryCode } } }")

    country = {"north": {"countryCode": "NO"}, "harbor": {"countryCode": "ES"}}[provider]
    of = None if role is Role.PLATFORM_OPS else country
    assert viewer["viewer"] == {"role": role.name, "fleetProvider": of}


@pytest.mark.parametrize("provider", DemoVisitors.providers)
async def test_the_driver_is_at_the_wheel(api: Api, provider: str) -> None:
    answer = await api.client.post(PATH, json={"role": "driver", "provider": provider})

    me = await api.with_token(answer.json()["token"]).data("{ me { status currentVehicle { plate } } }")

    assert me["me"]["status"] == "ACTIVE"
    assert me["me"]["currentVehicle"] is not None


async def test_the_token_ends_within_the_hour(api: Api) -> None:
    answer = await api.client.post(PATH, json=DISPATCHER)

    claims = jwt.decode(answer.json()["token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 3600


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
async def test_pages_of_other_origins_get_none(api: Api, headers: dict[str, str]) -> None:
    answer = await api.client.post(PATH, json=DISPATCHER, headers=headers)

    assert (answer.status_code, _code(answer)) == (403, "FORBIDDEN")
    assert "access-control-allow-origin" not in answer.headers


async def test_our_own_page_gets_one(api: Api) -> None:
    headers = {"origin": "http://api", "sec-fetch-site": "same-origin"}
    assert (await api.client.post(PATH, json=DISPATCHER, headers=headers)).status_code == 200


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_what_any_page_may_send_is_refused(api: Api, media_type: str) -> None:
    content = b'{"role": "dispatcher", "provider": "north"}'
    answer = await api.client.post(PATH, content=content, headers={"content-type": media_type})

    assert (answer.status_code, _code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"role": "dispatcher"}',
        b'{"role": "root", "provider": "north"}',
        b'{"role": ["dispatcher"], "provider": "north"}',
        b'{"role": "dispatcher", "provider": "nowhere"}',
        b'{"role": "dispatcher", "provider": {}}',
        b'{"role": "dispatcher", "provider": "north"}' + b" " * 1_000_000,
    ],
)
async def test_nonsense_is_the_clients_fault(api: Api, content: bytes) -> None:
    answer = await api.client.post(PATH, content=content, headers={"content-type": "application/json"})

    assert (answer.status_code, _code(answer)) == (400, "BAD_REQUEST")


async def test_outside_the_demo_there_is_no_such_address(real_app: Starlette, services: Services) -> None:
    async with Api.serving(real_app, services) as api:
        assert (await api.client.post(PATH, json=DISPATCHER)).status_code == 404
        assert (await api.client.get(PATH)).status_code == 404


async def test_where_the_page_is_off_there_is_none_either(
    settings: Settings, services: Services, demo_url: str
) -> None:
    app = make_app(settings.model_copy(update={"graphiql": False}), demo_url, DemoVisitors())
    async with Api.serving(app, services) as api:
        assert (await api.client.post(PATH, json=DISPATCHER)).status_code == 404


def _code(answer: httpx.Response) -> str:
    return answer.json()["errors"][0]["extensions"]["code"]
