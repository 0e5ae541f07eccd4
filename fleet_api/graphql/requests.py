"""Every request gets an id, which its answer and each of its log lines bear."""

import re
from time import perf_counter

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fleet_api.shared.domain.ids import new_id

_PLAUSIBLE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_NOT_FOUND = 404
_MASKED = {"errors": [{"message": "Something went wrong on our side.", "extensions": {"code": "INTERNAL_ERROR"}}]}
_log = structlog.get_logger(__name__)


class RequestLog:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _PLAUSIBLE.fullmatch(given) else str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        status, began = 0, perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            except Exception as error:
                _log.error("request_failed", error=type(error).__name__)
                if scope["type"] == "http" and not status:
                    await JSONResponse(_MASKED, 500)(scope, receive, send_with_id)
            finally:
                # No query string, since a document may carry names, nor a path that is none of ours.
                path = scope["path"] if status != _NOT_FOUND else None
                took = round((perf_counter() - began) * 1000, 1)
                _log.info("request", protocol=scope["type"], path=path, status=status, milliseconds=took)
