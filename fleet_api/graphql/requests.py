"""Every request gets an id, which its answer and each of its log lines bear."""

import itertools
import re
import secrets
from time import perf_counter

import structlog
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fleet_api.shared.infrastructure.logs import request_id_of_logs

_PLAUSIBLE = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_NOT_FOUND = 404
_MASKED = {"errors": [{"message": "Something went wrong on our side.", "extensions": {"code": "INTERNAL_ERROR"}}]}
_log = structlog.get_logger(__name__)

# No two processes start alike, and no two requests of one have the same number.
_process, _numbers = secrets.token_hex(6), itertools.count(1)


class RequestLog:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = given.decode() if _PLAUSIBLE.fullmatch(given) else f"{_process}-{next(_numbers):08x}"
        scope.setdefault("state", {})["request_id"] = request_id
        status, began = 0, perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        bound = request_id_of_logs.set(request_id)
        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:
            _log.error("request_failed", error=type(error).__name__)
            if scope["type"] == "http" and not status:
                await JSONResponse(_MASKED, 500, {"Cache-Control": "no-store"})(scope, receive, send_with_id)
        finally:
            # No query string, since a document may carry names, nor a path that is none of ours.
            path = scope["path"] if status != _NOT_FOUND else None
            took = round((perf_counter() - began) * 1000, 1)
            _log.info("request", protocol=scope["type"], path=path, status=status, milliseconds=took)
            request_id_of_logs.reset(bound)
