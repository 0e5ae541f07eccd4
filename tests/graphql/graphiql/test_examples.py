"""The operations that GraphiQL opens with: each runs in the demo as the role that asks it, at every provider."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from fleet_api.demo.demo_ids import driver_id, vehicle_id
from fleet_api.demo.visitors import DemoVisitors
from fleet_api.graphql.app import make_app
from fleet_api.graphql.graphiql.build import HERE
from fleet_api.settings import Seed, Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from fleet_api.shared.infrastructure.resources import Services
from tests.conftest import new_database
from tests.support.api import Api, global_id
from tests.support.server import serving
from tests.support.sockets import opened, receive, send

EXAMPLES = HERE / "src" / "examples"
IDS = json.loads((EXAMPLES / "ids.json").read_text())
ROLES = {Role.PLATFORM_OPS, Role.PROVIDER_ADMIN, Role.DISPATCHER, Role.FINANCE, Role.AUDITOR, Role.DRIVER}
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.graphql"))


@dataclass(frozen=True, slots=True)
class Example:
    role: Role
    question: str
    kind: str
    document: str
    template: str

    @classmethod
    def named(cls, name: str) -> "Example":
        document = (EXAMPLES / f"{name}.graphql").read_text()
        asked = re.match(r"# (\w+): (\S.*)\n", document)
        kind = re.search(r"^(query|mutation|subscription) ", document, re.MULTILINE)
        assert asked
        assert kind
        variables = EXAMPLES / f"{name}.json"
        template = variables.read_text() if variables.exists() else "{}"
        return cls(Role(asked[1]), asked[2], kind[1], document, template)

    def variables(self, provider: str) -> Any:
        """As the page fills them in."""
        today = datetime.now(UTC)
        known = {
            **IDS[provider],
            "now": today.isoformat(),
            "firstOfNextMonth": (today.replace(day=1) + timedelta(days=32)).replace(day=1).date().isoformat(),
        }
        return json.loads(re.sub(r"\{\{(\w+)\}\}", lambda found: known[found[1]], self.template))


def _as_role(api: Api, services: Services, role: Role, provider: str) -> Api:
    return api.with_token(DemoVisitors().token(services, role, provider))


@pytest.fixture
async def place(settings: Settings, postgres: EmbeddedPostgres, demo_url: str) -> AsyncIterator[str]:
    """A server of a demo of its own, since some examples write."""
    async with new_database(postgres, Seed.DEMO) as url, serving(make_app(settings, url), settings) as place:
        yield place


@pytest.fixture
async def api(place: str, services: Services) -> AsyncIterator[Api]:
    async with httpx.AsyncClient(base_url=f"http://{place}") as client:
        yield Api(client, services)


def test_every_role_has_examples() -> None:
    assert {Example.named(name).role for name in NAMES} == ROLES


def test_variables_belong_to_examples() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} - {"ids"} <= set(NAMES)


def test_ids_are_those_of_the_demo() -> None:
    assert {
        provider: {
            "driver": global_id("Driver", driver_id(provider, 1)),
            "vehicle": global_id("Vehicle", vehicle_id(provider, 0)),
        }
        for provider in DemoVisitors.providers
    } == IDS


@pytest.mark.parametrize("name", [name for name in NAMES if Example.named(name).kind != "subscription"])
async def test_an_example_answers(api: Api, services: Services, name: str) -> None:
    """After a first deed, so that the audit trail has one to tell."""
    example, correction = Example.named(name), Example.named("correct_driver")
    for provider in DemoVisitors.providers:
        asked, corrector = (_as_role(api, services, of.role, provider) for of in (example, correction))
        await corrector.data(correction.document, correction.variables(provider))
        (answer,) = (await asked.data(example.document, example.variables(provider))).values()

        assert answer
        assert "code" not in answer, "a typed refusal"
        assert answer.get("edges") != []


@pytest.mark.parametrize("name", [name for name in NAMES if Example.named(name).kind == "subscription"])
async def test_a_live_example_tells(place: str, api: Api, services: Services, name: str) -> None:
    """Positions at once, and of events the next that happens."""
    example, correction = Example.named(name), Example.named("correct_driver")
    for provider in DemoVisitors.providers:
        asked, corrector = (_as_role(api, services, of.role, provider) for of in (example, correction))
        async with opened(f"ws://{place}/graphql", asked) as socket:
            await send(socket, id="live", type="subscribe", payload={"query": example.document})
            # Its answer comes after the subscription's start.
            await send(socket, id="begun", type="subscribe", payload={"query": "{ __typename }"})
            told = [await receive(socket)]
            while {"id": "begun", "type": "complete"} not in told:
                told.append(await receive(socket))
            await corrector.data(correction.document, correction.variables(provider))
            told.append(await receive(socket))

        first = next(message for message in told if message["id"] == "live")
        assert (first["type"], first["payload"].get("errors")) == ("next", None)
