"""Every request gets an id, which its answer and each of its log lines bear."""

import itertools
import re
import secrets
from collections.abc import Awaitable
from time import perf_counter
from typing import TYPE_CHECKING, Any

import structlog
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fleet_api.graphql.seen.seen import Seen
from fleet_api.graphql.seen.trace_headers import trace_headers
from fleet_api.shared.infrastructure.logs import write_line
from fleet_api.shared.infrastructure.work import Work, work_of_now

if TYPE_CHECKING:
    from opentelemetry.trace import Span

_PLAUSIBLE = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_NOT_FOUND = 404
_FAILED = 500
_MASKED = {"errors": [{"message": "Something went wrong on our side.", "extensions": {"code": "INTERNAL_ERROR"}}]}
_log = structlog.get_logger(__name__)

# No two processes start alike, and no two requests of one have the same number.
_process, _numbers = secrets.token_hex(6), itertools.count(1)


class RequestLog:
    def __init__(self, app: ASGIApp, seen: Seen) -> None:
        self._app = app
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = given.decode() if _PLAUSIBLE.fullmatch(given) else f"{_process}-{next(_numbers):08x}"
        scope.setdefault("state", {})["request_id"] = request_id
        line: dict[str, Any] = {"event": "request", "request_id": request_id, "transport": scope["type"]}
        status, has_begun, began = 0, False, perf_counter()

        def send_with_id(message: Message) -> Awaitable[None]:  # without a frame of its own for each await
            nonlocal status, has_begun
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            else:
                has_begun = True  # until there is some of its body, another answer may take its place
            return send(message)

        work = Work(request_id, self._seen.tracing, line)
        bound = work_of_now.set(work)
        span = self._span(scope)
        try:
            if span is None or self._seen.tracing is None:
                await self._app(scope, receive, send_with_id)
            else:
                with self._seen.tracing.within(span):
                    await self._app(scope, receive, send_with_id)
        except Exception as error:
            _log.error("request_failed", error=type(error).__name__)
            if scope["type"] == "http" and not has_begun:
                await JSONResponse(_MASKED, 500, {"Cache-Control": "no-store"})(scope, receive, send_with_id)
        finally:
            self._tell(scope, line, status, perf_counter() - began, work, span)
            work_of_now.reset(bound)

    def _tell(
        self, scope: Scope, line: dict[str, Any], status: int, seconds: float, work: Work, span: "Span | None"
    ) -> None:
        """What its operation said of itself is part of its line."""
        refusals = work.refusals if line["event"] == "request" else []
        self._seen.requested(scope["type"], status, refusals)
        if refusals:
            line["codes"] = refusals
        # No query string, since a document may carry names, nor a path that is none of ours.
        line["path"] = scope["path"] if status != _NOT_FOUND else None
        line["status"] = status
        line["duration_ms"] = round(seconds * 1000, 1)
        failed = status >= _FAILED or line.get("outcome") == "failed"
        write_line("warning" if failed else "info", line)
        if span is not None and self._seen.tracing is not None:
            failure = str(status) if status >= _FAILED else None
            self._seen.tracing.served(span, _name_of(scope), {"http.response.status_code": status}, failure)

    def _span(self, scope: Scope) -> "Span | None":
        """Of a request that is about an operation. A socket has many, and each has a trace of its own."""
        if self._seen.tracing is None or scope["type"] != "http" or scope["path"] != "/graphql":
            return None
        about = {"http.request.method": scope["method"], "http.route": "/graphql", "url.scheme": scope["scheme"]}
        return self._seen.tracing.serve(_name_of(scope), about, trace_headers(scope["headers"]))


def _name_of(scope: Scope) -> str:
    return f"{scope['method']} {scope['path']}"
