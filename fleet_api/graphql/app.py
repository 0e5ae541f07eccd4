"""The ASGI application: what is made of what, on one page."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fleet_api.graphql.authentication import Authentication
from fleet_api.graphql.desk import Desk
from fleet_api.graphql.endpoint import GraphQLEndpoint
from fleet_api.graphql.execution.documents import Documents
from fleet_api.graphql.graphiql.page import GraphiqlPage
from fleet_api.graphql.graphiql.sign_in import SignIn, Visitors
from fleet_api.graphql.health import health_routes
from fleet_api.graphql.limits.admission import Admission
from fleet_api.graphql.limits.budget import Budget, OwnBudget
from fleet_api.graphql.limits.limits import Limits
from fleet_api.graphql.limits.patience import Patience
from fleet_api.graphql.limits.seats import Seats
from fleet_api.graphql.limits.turns import Turns
from fleet_api.graphql.live.live import Live
from fleet_api.graphql.lost import lost
from fleet_api.graphql.maintenance import Maintenance
from fleet_api.graphql.operations.automatic_operations import AutomaticOperations
from fleet_api.graphql.operations.manifest import read_manifest
from fleet_api.graphql.operations.operations import Operations
from fleet_api.graphql.origins import Origins
from fleet_api.graphql.request_reader import RequestReader
from fleet_api.graphql.requests import RequestLog
from fleet_api.graphql.schema import schema
from fleet_api.graphql.seen.exposition import metrics_route
from fleet_api.graphql.seen.gauges import Gauges
from fleet_api.graphql.seen.names import Names
from fleet_api.graphql.seen.seen import Seen
from fleet_api.graphql.seen.workers import Workers
from fleet_api.graphql.standing import StandingWatch
from fleet_api.graphql.transport.heartbeat import Heartbeat
from fleet_api.graphql.transport.house import House, SocketBounds
from fleet_api.graphql.transport.socket_endpoint import SocketEndpoint
from fleet_api.migrations import newest_revision
from fleet_api.runtime import direct_url
from fleet_api.settings import Settings
from fleet_api.shared.domain.clock import utc_now
from fleet_api.shared.infrastructure.auth.issuer import TokenIssuer
from fleet_api.shared.infrastructure.auth.jwks_url import JwksUrl
from fleet_api.shared.infrastructure.auth.key_file import KeyFile
from fleet_api.shared.infrastructure.auth.passwords import PasswordHasher
from fleet_api.shared.infrastructure.auth.refresh_tokens import RefreshTokens
from fleet_api.shared.infrastructure.auth.signing_key import load_or_create_signing_key
from fleet_api.shared.infrastructure.auth.verifier import KeySource, TokenVerifier
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.events.doorbell import Doorbell
from fleet_api.shared.infrastructure.events.event_cursors import EventCursors
from fleet_api.shared.infrastructure.readiness import Readiness
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from fleet_api.shared.infrastructure.events.relay import Relay


WORKERS_NUMBERS = "FLEET_WORKERS_NUMBERS"
"""Where several workers tell each other what they count; set by the process that starts them."""
# An operation that takes too long is told so by us, and not by the database.
_GRACE_S = 0.25


def make_services(settings: Settings) -> Services:
    private = load_or_create_signing_key(settings.key_file)
    tokens = TokenIssuer(private, issuer=settings.jwt_issuer, audience=settings.jwt_audience)
    return Services(
        utc_now,
        PasswordHasher(),
        tokens,
        RefreshTokens(tokens.secret("refresh")),
        timedelta(days=settings.telemetry_retention_days),
        timedelta(days=settings.event_retention_days),
        timedelta(days=settings.audit_retention_days),
        EventCursors(tokens.secret("event-cursors")),
    )


def make_verifier(settings: Settings, services: Services) -> TokenVerifier:
    """Trusts our own key, and those of the identity provider that the settings name."""
    sources: list[KeySource] = [
        *([KeyFile(settings.jwt_keys_file)] if settings.jwt_keys_file else []),
        *([JwksUrl(settings.jwt_jwks_url)] if settings.jwt_jwks_url else []),
    ]
    return TokenVerifier(
        services.tokens.key,
        sources,
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        now=services.now,
    )


def make_relay(settings: Settings, services: Services) -> "Relay | None":
    if settings.events_relay is None:
        return None
    from fleet_api.shared.infrastructure.events.relay import Relay  # noqa: PLC0415 - few need its library

    return Relay(settings.events_relay, services.tokens.secret("events-relay"))


def make_operations(settings: Settings) -> Operations:
    """Raises `UnusableOperationsError`."""
    registered = read_manifest(settings.operations) if settings.operations else {}
    automatic = AutomaticOperations() if settings.keeps_operations else None
    return Operations(registered, only=settings.operations_only, automatic=automatic)


def make_budget(settings: Settings) -> Budget:
    limit = settings.most_for_one(settings.budget)
    if settings.budget_store is None:
        return OwnBudget(limit, settings.budget_refill)
    from fleet_api.graphql.limits.shared_budget import SharedBudget  # noqa: PLC0415 - its libraries take time to load

    return SharedBudget(settings.budget_store, limit, settings.budget_refill)


async def maintain_once(settings: Settings, database_url: str) -> bool:
    """One round of the housekeeping; whether all went well."""
    database = Database(database_url, pool_size=1)
    well = await Maintenance(database, make_services(settings)).run()
    await database.close()
    return well


class FleetApp(Starlette):
    """Starlette, with a short way to the one address that matters."""

    def __init__(
        self, graphql: ASGIApp, sockets: ASGIApp, documents: Documents, live: Live, seen: Seen, **options: Any
    ) -> None:
        super().__init__(**options, middleware=[Middleware(RequestLog, seen)])
        self.documents = documents
        self.live = live
        self._short_ways = {"http": RequestLog(graphql, seen), "websocket": RequestLog(sockets, seen)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in self._short_ways and scope["path"] == "/graphql":
            await self._short_ways[scope["type"]](scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def make_seen(operations: Operations) -> Seen:
    """Spans go where OpenTelemetry's own variables say, if they do."""
    counted = os.environ.get(WORKERS_NUMBERS)
    workers, names = Workers(Path(counted) if counted else None), Names(operations.names)
    if not any(os.environ.get(f"OTEL_EXPORTER_OTLP_{of}ENDPOINT") for of in ("", "TRACES_")):
        return Seen(workers, names)
    from fleet_api.shared.infrastructure.tracing import Tracing  # noqa: PLC0415 - it takes a fifth of a start

    return Seen(workers, names, Tracing())


def make_app(settings: Settings, database_url: str, visitors: Visitors | None = None) -> FleetApp:
    """visitors: as whom GraphiQL lets anybody sign in; the demo's people, or nobody."""
    services = make_services(settings)
    operations = make_operations(settings)
    seen = make_seen(operations)
    statement_s = settings.operation_seconds + _GRACE_S
    database = Database(database_url, pool_size=settings.pool_size, statement_s=statement_s)
    direct = direct_url(settings, database_url)
    doorbell = Doorbell(direct)
    unit_of_work = UnitOfWork(database, services, doorbell)
    relay = make_relay(settings, services)
    live = Live(schema, direct, services.event_cursors, doorbell, unit_of_work, relay)
    standing = StandingWatch(unit_of_work)
    readiness = Readiness(database_url, newest_revision())
    maintenance = Maintenance(database, services)
    authentication = Authentication(make_verifier(settings, services), standing)
    heartbeat, seats = Heartbeat(), Seats(settings.most_for_one(settings.sockets_at_once))
    admission = Admission(schema._schema, Limits.of(settings), make_budget(settings))
    turns = Turns(settings.most_for_one(settings.operations_at_once), settings.operations_running)
    desk = Desk(schema, live, admission, turns, Patience(settings.operation_seconds), seen)
    origins, bounds = Origins(settings.allowed_origins), SocketBounds.of(settings)
    reader = RequestReader(operations, settings.max_json_depth)
    house = House(desk, unit_of_work, services, authentication, standing, heartbeat, seats, origins, bounds, reader)

    gauges = Gauges(database, live, heartbeat)
    live.on_heard = seen.heard
    page = GraphiqlPage(visitors.providers if visitors else ()) if settings.serves_graphiql else None
    sign_in = SignIn(visitors, services).answer if visitors else None

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with (
            seen.running(gauges),
            standing.watching(),
            heartbeat.running(),
            maintenance.running(),
            live.running(),
        ):
            yield
        readiness.close()
        await database.close()

    return FleetApp(
        GraphQLEndpoint(house, settings.max_body_bytes, page),
        SocketEndpoint(house),
        admission.documents,
        live,
        seen,
        routes=[
            Route("/graphql/", lambda _: RedirectResponse("/graphql"), methods=["GET", "POST"]),
            *(page.routes(sign_in) if page else ()),
            *health_routes(readiness),
            metrics_route(settings.metrics_token, lambda: seen.numbers(gauges)),
        ],
        exception_handlers={HTTPException: lost},
        lifespan=lifespan,
    )
