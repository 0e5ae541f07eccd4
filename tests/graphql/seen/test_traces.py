"""Spans as a collector gets them: over OTLP, from the request to each statement."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.graphql.seen.conftest import INVITE, KARI, PERSONAL, Served, served_by
from tests.support.sockets import receive, send
from tests.support.world import World

_TRACE, _CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
_PARENT = f"00-{_TRACE}-{_CALLER}-01"
_NESTED = """query FleetMap($search: String) {
  vehicles(first: 5, filter: {search: $search}) { edges { node { status model { name } } } } }"""


@dataclass
class Collector:
    """Takes what is exported. raw: as it came."""

    raw: list[bytes] = field(default_factory=list)

    @property
    def services(self) -> set[str]:
        return {
            each.value.string_value
            for told in self._told
            for spans in told.resource_spans
            for each in spans.resource.attributes
            if each.key == "service.name"
        }

    @property
    def spans(self) -> list[Span]:
        return [
            span
            for told in self._told
            for resource in told.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    async def of(self, trace: str, root: str) -> list[Span]:
        """The spans of a trace, once that one has come which ends last."""
        async with asyncio.timeout(10):
            while not any(span.name == root for span in self._of(trace)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return self._of(trace)

    def _of(self, trace: str) -> list[Span]:
        return [span for span in self.spans if span.trace_id.hex() == trace]

    @property
    def _told(self) -> list[ExportTraceServiceRequest]:
        return [ExportTraceServiceRequest.FromString(body) for body in self.raw]


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    collector = Collector()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            collector.raw.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        yield collector
        server.shutdown()
        thread.join()


@pytest.fixture
async def traced(
    collector: Collector, settings: Settings, services: Services, database_url: str
) -> AsyncIterator[Served]:
    async with served_by(settings, services, database_url) as served:
        yield served


def _attributes(span: Span) -> dict[str, Any]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


async def test_a_trace_goes_on_from_the_caller_to_each_statement(
    traced: Served, collector: Collector, world: World
) -> None:
    north = await world.provider()
    await world.vehicle(north, plate="SECRET 1")
    asked = traced.api.as_role(Role.DISPATCHER, north.id)
    answer = await asked.execute(_NESTED, {"search": "SECRET 1"}, traceparent=_PARENT)
    assert not answer.errors

    spans = await collector.of(_TRACE, "POST /graphql")
    (request,) = [span for span in spans if span.name == "POST /graphql"]
    (operation,) = [span for span in spans if span.name == "query FleetMap"]
    statements = [span for span in spans if span.parent_span_id == operation.span_id]
    assert request.parent_span_id.hex() == _CALLER
    assert operation.parent_span_id == request.span_id
    assert len(spans) == 2 + len(statements)
    assert _attributes(request)["http.response.status_code"] == 200
    assert _attributes(operation)["graphql.operation.name"] == "FleetMap"
    assert _attributes(operation)["graphql.operation.type"] == "query"
    assert {span.name for span in statements} == {"SELECT vehicles", "SELECT vehicle_models"}
    for span in statements:
        told = _attributes(span)
        assert told["db.system.name"] == "postgresql"
        assert "$1" in told["db.query.text"]
        assert operation.start_time_unix_nano <= span.start_time_unix_nano < span.end_time_unix_nano
        assert span.end_time_unix_nano <= operation.end_time_unix_nano
    assert collector.services == {"fleet-api"}
    assert not any(b"SECRET 1" in body or str(asked.token).encode() in body for body in collector.raw)


async def test_what_is_written_is_traced_too_and_values_are_not(
    traced: Served, collector: Collector, world: World
) -> None:
    north = await world.provider()
    asked = traced.api.as_role(Role.DISPATCHER, north.id)
    told = [(await asked.data(INVITE, {"i": KARI})) for _ in range(2)]
    assert [each["inviteDriver"]["__typename"] for each in told] == ["Driver", "Conflict"]

    async with asyncio.timeout(10):
        while [span.name for span in collector.spans].count("POST /graphql") < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    inserts = [span for span in collector.spans if span.name == "INSERT drivers"]
    assert [span.status.code for span in inserts] == [Status.STATUS_CODE_UNSET, Status.STATUS_CODE_ERROR]
    assert _attributes(inserts[1])["db.response.status_code"] == "23505"
    operations = {span.span_id for span in collector.spans if span.name == "mutation Invite"}
    assert {span.parent_span_id for span in inserts} == operations
    for value in [*PERSONAL, "L1234", str(north.id), str(asked.token)]:
        assert not any(value.encode() in body for body in collector.raw), value


async def test_an_operation_of_a_socket_goes_on_with_its_handshake(
    traced: Served, collector: Collector, world: World
) -> None:
    north = await world.provider()
    token = traced.api.as_role(Role.DISPATCHER, north.id).token
    protocols, headers = [Subprotocol("graphql-transport-ws")], {"traceparent": _PARENT}
    async with connect(traced.address, subprotocols=protocols, additional_headers=headers) as socket:
        await send(socket, type="connection_init", payload={"authorization": f"Bearer {token}"})
        await receive(socket)
        await send(socket, type="subscribe", id="1", payload={"query": "{ vehicles(first: 1) { totalCount } }"})
        assert (await receive(socket))["type"] == "next"
    spans = await collector.of(_TRACE, "query")
    (operation,) = [span for span in spans if span.name == "query"]
    assert operation.parent_span_id.hex() == _CALLER
    assert {span.name for span in spans if span.parent_span_id == operation.span_id} == {"SELECT vehicles"}


async def test_what_waits_is_sent_when_the_server_stops(
    collector: Collector,
    settings: Settings,
    services: Services,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "60000")
    async with served_by(settings, services, database_url) as served:
        await served.api.execute("query Last { __typename }", traceparent=_PARENT)
        assert collector.raw == []
    assert {span.name for span in collector.spans} == {"POST /graphql", "query Last"}


def test_nothing_of_it_is_loaded_where_nobody_collects(settings: Settings) -> None:
    made = (
        "import sys; from fleet_api.graphql.app import make_app; from fleet_api.settings import Settings; "
        "make_app(Settings(), 'postgresql+asyncpg://nobody@127.0.0.1:1/none'); "
        "print([name for name in ('opentelemetry.sdk', 'prometheus_client', 'requests') if name in sys.modules])"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    environment["FLEET_DATA_DIR"] = str(settings.data_dir)
    run = [sys.executable, "-c", made]
    assert subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout.strip() == "[]"
