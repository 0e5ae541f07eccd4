"""Traces for OpenTelemetry, by its semantic conventions. Loaded only where an exporter is set, for it takes as long as
a fifth of a start."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, use_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_LONGEST_STATEMENT = 2_000
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+(?:ONLY\s+)?\"?([a-z_]+)")


class Tracing:
    """Where spans go is said by OpenTelemetry's own environment variables."""

    def __init__(self) -> None:
        named = Resource.create({"service.name": "fleet-api"}).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=named, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("fleet_api")

    @contextmanager
    def serving(self, name: str, attributes: Mapping[str, str], headers: Mapping[str, str]) -> Iterator[Span]:
        """What we do for a client. headers: in which a trace may be told that we go on with (W3C's `traceparent`)."""
        parent = TraceContextTextMapPropagator().extract(headers) if "traceparent" in headers else None
        span = self._started(name, SpanKind.SERVER, attributes, parent)
        # Not what an exception says: it may quote values.
        with use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            yield span

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
            fail(span, state or type(error).__name__)
        span.end()

    def close(self) -> None:
        """Sends what waits to be sent. Blocks, for a few seconds where nobody takes it."""
        self._provider.shutdown()

    def _started(
        self, name: str, kind: SpanKind, attributes: Mapping[str, str], parent: Context | None = None
    ) -> Span:
        return self._tracer.start_span(name, parent, kind, attributes)


def is_wanted() -> bool:
    return any(os.environ.get(f"OTEL_EXPORTER_OTLP_{kind}ENDPOINT") for kind in ("", "TRACES_"))


def fail(span: Span, kind: str) -> None:
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)


@lru_cache(1024)
def _summary(sql: str) -> str:
    """What it does to which table: `SELECT drivers`."""
    verb, table = sql.split(None, 1)[0].upper(), _TABLE.search(sql)
    return f"{verb} {table[1]}" if table else verb
