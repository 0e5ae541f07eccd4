"""GraphQL over HTTP, by its specification. Bare ASGI: a framework's request and response cost more than a query."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from graphql import OperationType
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.types.execution import ExecutionResult

from fleet_api.graphql.context import Context
from fleet_api.graphql.desk import AT_ONCE, OperationTypeNotAllowed
from fleet_api.graphql.graphql_request import GraphQLRequest, body_of
from fleet_api.graphql.http_messages import (
    EVENT_STREAM,
    RESPONSE,
    Answer,
    Headers,
    HttpError,
    accepted,
    address_of,
    media_type_of,
    read_request,
    refusal_answer,
    send_answer,
    text_of,
    wants_stream,
)
from fleet_api.graphql.language import language_of
from fleet_api.graphql.transport.event_stream import EventStream
from fleet_api.graphql.transport.handover import EXTENSION
from fleet_api.graphql.transport.house import House
from fleet_api.shared.domain.output_context import Refused

_ALLOWED = {
    "GET": frozenset({OperationType.QUERY}),
    "POST": AT_ONCE,
}
_STREAM_HEADERS = [
    (b"content-type", EVENT_STREAM + b"; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"Accept"),
    (b"x-accel-buffering", b"no"),  # else a proxy would keep events until it has many
    (b"connection", b"close"),
]


class GraphQLEndpoint:
    def __init__(self, house: House, page: ASGIApp | None) -> None:
        """page: what a browser is shown that comes without a question, if anything."""
        self._house = house
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(reversed(scope["headers"]))  # of two of a name, the first counts
        if self._page is not None and _is_a_person(scope, headers):
            await self._page(scope, receive, send)
            return
        try:
            if wants_stream(headers):
                await self._stream(scope, headers, receive, send)
                return
            answer = await self._answer(scope, headers, receive)
        except HttpError as error:
            answer = error.answer
        except Refused as refused:
            answer = refusal_answer(refused, headers)
        await send_answer(send, answer, media_type_of(headers))

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive) -> Answer:
        asked, context = await self._asked(scope, headers, receive)
        body = body_of(await self._execute(scope["method"], asked, context))
        return Answer(body, _status_of(body, media_type_of(headers)), _advice(body))

    async def _asked(self, scope: Scope, headers: Headers, receive: Receive) -> tuple[GraphQLRequest, Context]:
        if scope["method"] not in _ALLOWED:
            raise HttpError(405, "Ask with GET or POST.", {b"allow": b"GET, POST"})
        asked = await read_request(scope, headers, receive)
        house = self._house
        viewer = await house.authentication.viewer(text_of(headers, b"authorization"))
        language = language_of(text_of(headers, b"accept-language"))
        request_id = scope["state"]["request_id"]
        return asked, Context(house.unit_of_work, house.services, viewer, language, request_id, address_of(scope))

    async def _execute(self, method: str, asked: GraphQLRequest, context: Context) -> ExecutionResult:
        try:
            return await self._house.desk.execute(asked, context, _ALLOWED[method])
        except OperationTypeNotAllowed as error:
            if error.operation_type is OperationType.SUBSCRIPTION:
                raise HttpError(400, "Subscribe over WebSocket, or accept text/event-stream.") from error
            raise _only_queries() from error

    async def _stream(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """Server-sent events. What is wrong with the document itself is the stream's first event."""
        if scope["http_version"] == "1.0":
            raise HttpError(400, "A stream comes in chunks: ask with HTTP/1.1.")
        hand_over = scope["extensions"][EXTENSION]
        asked, context = await self._asked(scope, headers, receive)
        is_mutation = await self._house.desk.operation_type(asked, context) is OperationType.MUTATION
        if scope["method"] == "GET" and is_mutation:
            raise _only_queries()
        self._house.seats.check(context.principal)
        context.transport = "sse"
        context.resume_from = text_of(headers, b"last-event-id") or None
        await send({"type": "http.response.start", "status": 200, "headers": list(_STREAM_HEADERS)})
        hand_over(EventStream(self._house, asked, context))


def _status_of(body: Mapping[str, Any], media_type: bytes) -> int:
    """Whether it ran. application/json predates saying by status that the client asked for what cannot be."""
    if "data" in body:
        return 200
    status: int = body["errors"][0]["extensions"].get("httpStatus", 400)
    return status if media_type is RESPONSE or status >= 429 else 200


def _advice(body: Mapping[str, Any]) -> Headers:
    if "data" in body or "retryAfter" not in body["errors"][0]["extensions"]:
        return {}
    return {b"retry-after": b"%d" % body["errors"][0]["extensions"]["retryAfter"]}


def _is_a_person(scope: Scope, headers: Headers) -> bool:
    """With a browser, and without a question."""
    if scope["method"] != "GET" or b"text/html" not in accepted(headers):
        return False
    return "query" not in parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _only_queries() -> HttpError:
    return HttpError(405, "GET runs queries only; POST mutations.", {b"allow": b"POST"})
