"""A real server, and who collects what it shows."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from fleet_api.graphql.app import make_app
from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api
from tests.support.server import serving

INVITE = "mutation Invite($i: InviteDriverInput!) { inviteDriver(input: $i) { __typename } }"
KARI = {
    "fullName": "Kari Nordmann",
    "phone": "+4791234567",
    "email": "kari@example.com",
    "password": "a password of hers",
    "licenceNumber": "L1234",
    "licenceCountry": "NO",
    "licenceClasses": ["B"],
    "licenceExpiresOn": "2040-01-01",
}
PERSONAL = [value for value in KARI.values() if isinstance(value, str) and len(value) > 2]

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@dataclass
class Served:
    """api: asks over the network. address: for sockets."""

    api: Api
    address: str
    url: str

    async def metrics(self, **headers: str) -> httpx.Response:
        return await self.api.client.get("/metrics", headers=headers)

    async def value(self, metric: str, /, **labels: str) -> float:
        """Of one metric, as a collector reads it; 0 for one that is not there."""
        return samples_of((await self.metrics()).text).get((metric, frozenset(labels.items())), 0.0)


def samples_of(text: str) -> Samples:
    families = text_string_to_metric_families(text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


@asynccontextmanager
async def served_by(settings: Settings, services: Services, database_url: str) -> AsyncIterator[Served]:
    async with (
        serving(make_app(settings, database_url), settings) as place,
        httpx.AsyncClient(base_url=f"http://{place}") as client,
    ):
        yield Served(Api(client, services), f"ws://{place}/graphql", f"http://{place}")


@pytest.fixture
async def served(settings: Settings, services: Services, database_url: str) -> AsyncIterator[Served]:
    async with served_by(settings, services, database_url) as served:
        yield served


@pytest.fixture(autouse=True)
def collected_nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", raising=False)
    yield
