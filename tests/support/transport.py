"""The transports alone: what is followed is fed by the test, and no database is asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from fleet_api.graphql.app import make_operations, make_verifier
from fleet_api.graphql.authentication import Authentication
from fleet_api.graphql.context import Context
from fleet_api.graphql.endpoint import GraphQLEndpoint
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.limits.seats import Seats
from fleet_api.graphql.live.member import Member
from fleet_api.graphql.origins import Origins
from fleet_api.graphql.request_reader import RequestReader
from fleet_api.graphql.requests import RequestLog
from fleet_api.graphql.schema import schema
from fleet_api.graphql.standing import StandingWatch
from fleet_api.graphql.transport.heartbeat import Heartbeat
from fleet_api.graphql.transport.house import House, SocketBounds
from fleet_api.graphql.transport.socket_endpoint import SocketEndpoint
from fleet_api.graphql.transport.websocket import WebSocket
from fleet_api.settings import Settings
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.support.graph import desk_of, unseen
from tests.support.server import serving

FOLLOW = "subscription { vehiclePositions { __typename } }"
SUBSCRIBE = {"type": "subscribe", "payload": {"query": FOLLOW}}


@dataclass(eq=False)
class Followed:
    """A subscription as a feeder sees it."""

    context: Context
    member: Member
    is_stopped: bool = False

    def stop(self) -> None:
        self.is_stopped = True


@dataclass
class FedByHand:
    """`refusal`: what the next are told instead, or raised."""

    followed: list[Followed] = field(default_factory=list)
    refusal: Any = None
    _new: asyncio.Queue[Followed] = field(default_factory=asyncio.Queue)

    async def follow(self, ready: Ready, context: Context, member: Member) -> Any:
        if isinstance(self.refusal, Exception):
            raise self.refusal
        if self.refusal is not None:
            return self.refusal
        self.followed.append(Followed(context, member))
        self._new.put_nowait(self.followed[-1])
        return self.followed[-1]

    async def next(self) -> Followed:
        """The first that this was not asked for yet."""
        return await asyncio.wait_for(self._new.get(), 10)


@dataclass
class Edge:
    """place: host and port."""

    place: str
    live: FedByHand
    house: House

    @property
    def address(self) -> str:
        return f"ws://{self.place}/graphql"

    @property
    def url(self) -> str:
        return f"http://{self.place}/graphql"

    @property
    def sockets(self) -> list[WebSocket]:
        """The open ones."""
        return [each for second in self.house.heartbeat._seconds for each in second if isinstance(each, WebSocket)]


@asynccontextmanager
async def edge_of(settings: Settings, services: Services) -> AsyncIterator[Edge]:
    nothing: Any = None  # nobody asks it
    live, heartbeat, standing = FedByHand(), Heartbeat(), StandingWatch(nothing)
    authentication = Authentication(make_verifier(settings, services), standing)
    desk, origins, bounds = desk_of(schema, live), Origins(settings.allowed_origins), SocketBounds.of(settings)
    reader = RequestReader(make_operations(settings), settings.max_json_depth)
    house = House(desk, nothing, services, authentication, standing, heartbeat, Seats(1_000), origins, bounds, reader)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with standing.watching(), heartbeat.running():
            yield

    app = Starlette(
        routes=[
            Route("/graphql", GraphQLEndpoint(house, settings.max_body_bytes)),
            WebSocketRoute("/graphql", SocketEndpoint(house)),
        ],
        middleware=[Middleware(RequestLog, unseen())],
        lifespan=lifespan,
    )
    async with serving(app, settings) as place:
        yield Edge(place, live, house)


def token_of(
    services: Services,
    provider_id: UUID | None = None,
    subject: str = "anna",
    seconds: int = 3600,
    role: Role = Role.DISPATCHER,
) -> str:
    """Of a dispatcher; by default of a provider of their own."""
    return services.tokens.issue(
        role=role,
        subject=subject,
        provider_id=None if role is Role.PLATFORM_OPS else provider_id or uuid4(),
        ttl=timedelta(seconds=seconds),
        now=services.now(),
        jti=new_id(),
    )
