"""A client of the API, in this process but through the whole ASGI application."""

from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

import httpx
from starlette.applications import Starlette

from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services


@dataclass
class Answer:
    """What came back: `data`, `errors` (a list, empty when there are none), and the HTTP response itself."""

    response: httpx.Response

    @property
    def data(self) -> Any:
        return self.response.json().get("data")

    @property
    def errors(self) -> list[dict[str, Any]]:
        return self.response.json().get("errors", [])

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.errors]


class Api:
    def __init__(self, client: httpx.AsyncClient, services: Services, token: str | None = None) -> None:
        self.client = client
        self._services = services
        self.token = token

    @classmethod
    @asynccontextmanager
    async def serving(cls, app: Starlette, services: Services) -> AsyncIterator[Self]:
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://api") as client,
        ):
            yield cls(client, services)

    def as_role(
        self, role: Role, provider_id: UUID | None = None, subject: str = "someone", seconds: int = 3600
    ) -> "Api":
        """The same API, asked by somebody with a valid token."""
        token = self._services.tokens.issue(
            role=role,
            subject=subject,
            provider_id=provider_id,
            ttl=timedelta(seconds=seconds),
            now=self._services.now(),
            jti=new_id(),
        )
        return Api(self.client, self._services, token)

    def with_token(self, token: str | None) -> "Api":
        return Api(self.client, self._services, token)

    async def execute(self, document: str, variables: dict[str, Any] | None = None, **headers: str) -> Answer:
        """Headers are given with underscores: `accept_language="es"`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["authorization"] = f"Bearer {self.token}"
        body = {"query": document, "variables": variables}
        return Answer(await self.client.post("/graphql", json=body, headers=sent))

    async def data(self, document: str, variables: dict[str, Any] | None = None) -> Any:
        """The data of an operation that must not have errors."""
        answer = await self.execute(document, variables)
        assert not answer.errors, answer.errors
        return answer.data


def global_id(kind: str, id: object) -> str:
    """The Relay global id of a row."""
    return b64encode(f"{kind}:{id}".encode()).decode()


def local_id(id: str) -> str:
    """The row's own id in a Relay global id."""
    return b64decode(id).decode().partition(":")[2]
