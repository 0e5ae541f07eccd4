"""GraphQL over HTTP, by its specification. Bare ASGI: a framework's request and response cost more than a query."""

from collections.abc import Mapping
from typing import Any

from graphql import OperationType
from starlette.types import ASGIApp, Receive, Scope, Send

from fleet_api.graphql.context import Context
from fleet_api.graphql.desk import AT_ONCE, OperationTypeNotAllowed
from fleet_api.graphql.graphql_request import GraphQLRequest, body_of
from fleet_api.graphql.http.answer import Answer, refusal_answer, retry_after_in, send_answer
from fleet_api.graphql.http.body import read_body
from fleet_api.graphql.http.cors import Cors, Pairs
from fleet_api.graphql.http.headers import Headers, address_of, ambiguous, headers_of, text_of
from fleet_api.graphql.http.http_errors import (
    coding_not_acceptable,
    header_twice,
    method_not_allowed,
    not_acceptable,
    only_queries,
    stream_needs_chunks,
    subscription_needs_a_stream,
)
from fleet_api.graphql.http.idempotency_key import key_in, refuse_key_for_several
from fleet_api.graphql.http.parameters import fields_of, parameters_of
from fleet_api.graphql.http.terms import EVENT_STREAM, RESPONSE, Terms, terms_of
from fleet_api.graphql.transport.event_stream import EventStream
from fleet_api.graphql.transport.handover import EXTENSION
from fleet_api.graphql.transport.house import House
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.infrastructure.work import note_refusal

_ALLOWED = {
    "GET": frozenset({OperationType.QUERY}),
    "POST": AT_ONCE,
}
_STREAM_HEADERS = (
    (b"content-type", f"{EVENT_STREAM}; charset=utf-8".encode()),
    (b"x-accel-buffering", b"no"),  # else a proxy would keep events until it has many
    (b"connection", b"close"),
)
# Who knows only application/json takes an answer that did what it could for what it is.
_PARTIAL_SUCCESS = 294


class GraphQLEndpoint:
    """max_body_bytes: how long a request may be, once decompressed. page: what a browser is shown that comes without a
    question, if anything."""

    def __init__(self, house: House, max_body_bytes: int, page: ASGIApp | None = None) -> None:
        self._house = house
        self._max_body_bytes = max_body_bytes
        self._page = page
        self._cors = Cors(house.origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = headers_of(scope)
        if self._page is not None and _is_a_person(scope, headers):
            await self._page(scope, receive, send)
            return
        terms = terms_of(headers)
        shared = self._cors.shared(headers, scope["scheme"])
        try:
            if scope["method"] == "OPTIONS":
                answer = self._options(scope, headers)
            elif terms.media_type == EVENT_STREAM:
                await self._stream(scope, headers, terms, shared, receive, send)
                return
            else:
                answer = await self._answer(scope, headers, terms, receive)
        except Refused as refused:
            note_refusal(refused.refusal.code)
            answer = refusal_answer(refused, terms)
        await send_answer(send, answer, terms, shared)

    def _options(self, scope: Scope, headers: Headers) -> Answer:
        """What a browser asks before it sends what a page wants; and what anybody may ask."""
        preflight = self._cors.preflight(headers, scope["scheme"])
        return Answer(None, 204, ((b"allow", b"GET, POST, OPTIONS"), *preflight))

    async def _answer(self, scope: Scope, headers: Headers, terms: Terms, receive: Receive) -> Answer:
        parameters = parameters_of(scope["query_string"])
        if terms.media_type is None:
            raise not_acceptable()
        if not terms.gzip and not terms.identity:
            raise coding_not_acceptable()
        asked, context = await self._asked(scope, headers, terms, parameters, receive)
        try:
            body = body_of(await self._house.desk.execute(asked, context, _ALLOWED[scope["method"]]))
        except OperationTypeNotAllowed as error:
            is_followed = error.operation_type is OperationType.SUBSCRIPTION
            raise (subscription_needs_a_stream() if is_followed else only_queries()) from error
        return Answer(body, _status_of(body, terms), retry_after_in(body))

    async def _asked(
        self, scope: Scope, headers: Headers, terms: Terms, parameters: dict[str, str], receive: Receive
    ) -> tuple[GraphQLRequest, Context]:
        if (name := ambiguous(scope, headers)) is not None:
            raise header_twice(name.decode("latin-1"))
        asked = await self._read(scope, headers, parameters, receive)
        house = self._house
        viewer = await house.authentication.viewer(text_of(headers, b"authorization"))
        request_id = scope["state"]["request_id"]
        context = Context(house.unit_of_work, house.services, viewer, terms.language, request_id, address_of(scope))
        context.idempotency_key = key_in(headers)
        if context.idempotency_key and (operation := await house.desk.operation(asked, context)):
            refuse_key_for_several(operation)
        return asked, context

    async def _read(
        self, scope: Scope, headers: Headers, parameters: dict[str, str], receive: Receive
    ) -> GraphQLRequest:
        reader = self._house.reader
        if scope["method"] == "POST":
            return reader.request_of(reader.json(await read_body(headers, receive, self._max_body_bytes)))
        if scope["method"] != "GET":
            raise method_not_allowed()
        self._cors.refuse_foreign_get(headers, scope["scheme"])
        return reader.request_of(fields_of(parameters, reader))

    async def _stream(
        self, scope: Scope, headers: Headers, terms: Terms, shared: Pairs, receive: Receive, send: Send
    ) -> None:
        """Server-sent events. What is wrong with the document itself is the stream's first event."""
        if scope["http_version"] == "1.0":
            raise stream_needs_chunks()
        hand_over = scope["extensions"][EXTENSION]
        parameters = parameters_of(scope["query_string"])
        asked, context = await self._asked(scope, headers, terms, parameters, receive)
        operation = await self._house.desk.operation(asked, context)
        if scope["method"] == "GET" and operation and operation.definition.operation is OperationType.MUTATION:
            raise only_queries()
        self._house.seats.check(context.principal)
        context.transport = "sse"
        context.resume_from = text_of(headers, b"last-event-id") or None
        stream_headers = [*_STREAM_HEADERS, *terms.headers, *shared]
        await send({"type": "http.response.start", "status": 200, "headers": stream_headers})
        await send({"type": "http.response.body", "more_body": True})
        hand_over(EventStream(self._house, asked, context))


def _status_of(body: Mapping[str, Any], terms: Terms) -> int:
    """Whether it ran. application/json predates saying by status that the client asked for what cannot be."""
    if "data" in body:
        return _PARTIAL_SUCCESS if "errors" in body and terms.media_type == RESPONSE else 200
    status: int = body["errors"][0]["extensions"].get("httpStatus", 400)
    return status if terms.media_type == RESPONSE or status >= 429 else 200


def _is_a_person(scope: Scope, headers: Headers) -> bool:
    """With a browser, and without a question."""
    is_bare = scope["method"] == "GET" and not scope["query_string"]
    return is_bare and b"text/html" in headers.get(b"accept", b"").lower()
