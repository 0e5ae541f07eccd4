"""Traces for OpenTelemetry, by its semantic conventions. Loaded only where an exporter is set, for it takes as long as
a fifth of a start."""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import lru_cache
from threading import Thread

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, use_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PATIENCE_S = 2.0
_LONGEST_STATEMENT = 2_000
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+(?:ONLY\s+)?\"?([a-z_]+)")


class Tracing:
    """Where spans go is said by OpenTelemetry's own environment variables."""

    def __init__(self) -> None:
        named = Resource.create({"service.name": "fleet-api"}).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=named, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("fleet_api")

    def serve(self, name: str, attributes: Mapping[str, str], headers: Mapping[str, str]) -> Span:
        """What we do for a client. headers: may tell of a trace that goes on here (W3C's `traceparent`)."""
        parent = TraceContextTextMapPropagator().extract(headers) if "traceparent" in headers else None
        return self._started(name, SpanKind.SERVER, attributes, parent)

    def within(self, span: Span) -> AbstractContextManager[Span]:
        """What happens inside belongs to it. Not what an exception says: it may quote values."""
        return use_span(span, end_on_exit=False, record_exception=False, set_status_on_exception=False)

    def served(self, span: Span, name: str, attributes: Mapping[str, str | int | None], failure: str | None) -> None:
        """failure: a code, where it was our fault."""
        span.update_name(name)
        span.set_attributes({key: value for key, value in attributes.items() if value is not None})
        if failure is not None:
            _fail(span, failure)
        span.end()

    def statement(self, sql: str) -> Span:
        summary = _summary(sql)
        attributes = {
            "db.system.name": "postgresql",
            "db.operation.name": summary.partition(" ")[0],
            "db.query.summary": summary,
            "db.query.text": sql[:_LONGEST_STATEMENT],
        }
        return self._started(summary, SpanKind.CLIENT, attributes)

    def end(self, span: Span, error: BaseException | None) -> None:
        """Of an error its kind, or PostgreSQL's own code."""
        if error is not None:
            state = getattr(getattr(error, "orig", error), "sqlstate", None)
            if state:
                span.set_attribute("db.response.status_code", state)
            _fail(span, state or type(error).__name__)
        span.end()

    def close(self) -> None:
        """Sends what waits to be sent. Blocks, but no stop waits long for a collector that is away."""
        closing = Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(_PATIENCE_S)

    def _started(self, name: str, kind: SpanKind, attributes: Mapping[str, str], parent: Context | None = None) -> Span:
        return self._tracer.start_span(name, parent, kind, attributes)


def _fail(span: Span, kind: str) -> None:
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)


@lru_cache(1024)
def _summary(sql: str) -> str:
    """What it does to which table: `SELECT drivers`."""
    verb, table = sql.split(None, 1)[0].upper(), _TABLE.search(sql)
    return f"{verb} {table[1]}" if table else verb
