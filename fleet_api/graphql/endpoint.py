"""GraphQL over HTTP, by its specification. Bare ASGI: a framework's request and response cost more than a query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from graphql import OperationType
from starlette.types import Receive, Scope, Send
from strawberry.types.execution import ExecutionResult, PreExecutionError

from fleet_api.graphql.authentication import Authentication
from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.documents import UnknownOperation
from fleet_api.graphql.execution.fleet_schema import FleetSchema, OperationTypeNotAllowed
from fleet_api.graphql.language import language_of
from fleet_api.graphql.shared.refusals import extensions_of
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork

MAX_BODY_BYTES = 2 * 1024 * 1024

_RESPONSE = b"application/graphql-response+json"
_JSON = b"application/json"
_CODES = {400: "BAD_REQUEST", 405: "METHOD_NOT_ALLOWED", 413: "BODY_TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE"}
_ALLOWED = {
    "GET": frozenset({OperationType.QUERY}),
    "POST": frozenset({OperationType.QUERY, OperationType.MUTATION}),
}

Headers = Mapping[bytes, bytes]
"""Names in lower case, as ASGI has them."""


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """body: what becomes JSON; None for no body at all."""

    body: Any
    status: int = 200
    headers: Mapping[bytes, bytes] = field(default_factory=dict)


class HttpError(Exception):
    def __init__(self, status: int, message: str, headers: Headers | None = None) -> None:
        super().__init__()
        error = {"message": message, "extensions": {"code": _CODES[status]}}
        self.answer = Answer({"errors": [error]}, status, headers or {})


class GraphQLEndpoint:
    def __init__(
        self, schema: FleetSchema, unit_of_work: UnitOfWork, services: Services, authentication: Authentication
    ) -> None:
        self._schema = schema
        self._unit_of_work = unit_of_work
        self._services = services
        self._authentication = authentication

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(reversed(scope["headers"]))  # of two of a name, the first counts
        try:
            answer = await self._answer(scope, headers, receive)
        except HttpError as error:
            answer = error.answer
        except Refused as refused:
            answer = _refusal(refused, headers)
        await _send(send, answer, _media_type(headers))

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive) -> Answer:
        method = scope["method"]
        if method not in _ALLOWED:
            raise HttpError(405, "Ask with GET or POST.", {b"allow": b"GET, POST"})
        if method == "GET":
            fields = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
            if "query" not in fields and b"text/html" in _accepted(headers):  # a person, with a browser
                return Answer(None, 307, {b"location": b"/graphiql"})
            asked = _request({**fields, "variables": _json(fields["variables"])} if "variables" in fields else fields)
        else:
            asked = _request(_json(await _body(headers, receive)))
        viewer = await self._authentication.viewer(_text(headers, b"authorization"))
        language = language_of(_text(headers, b"accept-language"))
        request_id = scope["state"]["request_id"]
        context = Context(self._unit_of_work, self._services, viewer, language, request_id, _address(scope))
        result = await self._execute(method, asked, context)
        body: dict[str, Any] = {"errors": [error.formatted for error in result.errors]} if result.errors else {}
        if not _never_ran(result):
            body["data"] = result.data
        # A request that never ran is the client's fault; application/json predates saying so by status.
        failed = "data" not in body and _media_type(headers) is _RESPONSE
        return Answer(body, 400 if failed else 200)

    async def _execute(self, method: str, asked: GraphQLRequest, context: Context) -> ExecutionResult:
        try:
            return await self._schema.execute(
                asked.query, asked.variables, context, asked.operation_name, _ALLOWED[method]
            )
        except OperationTypeNotAllowed as error:
            if method == "GET":
                raise HttpError(405, "GET runs queries only; POST mutations.", {b"allow": b"POST"}) from error
            raise HttpError(400, "Subscriptions run over WebSocket: graphql-transport-ws at this address.") from error
        except UnknownOperation as error:
            raise HttpError(400, "The document has no operation of that name.") from error


def _never_ran(result: ExecutionResult) -> bool:
    """The document did not parse or fit, or its variables did not: in graphql-core's words, a request error."""
    errors = result.errors or []
    return isinstance(result, PreExecutionError) or (result.data is None and all(e.path is None for e in errors))


def _request(fields: Any) -> GraphQLRequest:
    """Raises `HttpError` for what is not a well-formed GraphQL request."""
    if not isinstance(fields, dict):
        raise HttpError(400, "Send one JSON object with a `query`.")
    query, variables, name = fields.get("query"), fields.get("variables"), fields.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise HttpError(400, "The field `query` must be a GraphQL document.")
    if not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise HttpError(400, "The field `variables` must be an object, and `operationName` a string.")
    if not isinstance(fields.get("extensions"), dict | str | None):
        raise HttpError(400, "The field `extensions` must be an object.")
    return GraphQLRequest(query, variables, name or None)


async def _body(headers: Headers, receive: Receive) -> bytearray:
    """The body, given up as soon as it is too long, whatever its Content-Length claims."""
    if not _is_plain_json(headers):
        raise HttpError(415, "Send the request as application/json in UTF-8, not compressed.")
    message = await receive()
    body = bytearray(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HttpError(400, "The request ended before its body did.")
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            break
    if len(body) > MAX_BODY_BYTES:
        raise HttpError(413, f"A request is at most {MAX_BODY_BYTES} bytes.")
    return body


def _is_plain_json(headers: Headers) -> bool:
    given = headers.get(b"content-type", b"").lower()
    media_type, _, parameters = given.partition(b";")
    charset = parameters.strip().removeprefix(b"charset=").strip(b'"')
    return (
        media_type.strip() == _JSON
        and charset in {b"", b"utf-8"}
        and headers.get(b"content-encoding", b"identity").lower() == b"identity"
    )


def _json(content: bytearray | str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        raise HttpError(400, "This is not JSON in UTF-8.") from None


def _text(headers: Headers, name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _accepted(headers: Headers) -> bytes:
    return headers.get(b"accept", b"*/*").lower()


def _media_type(headers: Headers) -> bytes:
    accepted = _accepted(headers)
    return _RESPONSE if _RESPONSE in accepted or _JSON not in accepted else _JSON


def _refusal(refused: Refused, headers: Headers) -> Answer:
    language = language_of(_text(headers, b"accept-language"))
    message = refused.refusal.message.in_language(language)
    shown = {"message": message, "extensions": extensions_of(refused.refusal, language)}
    challenge = {b"www-authenticate": b'Bearer error="invalid_token"'}
    return Answer({"errors": [shown]}, refused.refusal.http_status, challenge)


async def _send(send: Send, answer: Answer, media_type: bytes) -> None:
    content = b"" if answer.body is None else orjson.dumps(answer.body)
    headers = [
        (b"content-type", media_type + b"; charset=utf-8"),
        (b"content-length", b"%d" % len(content)),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept"),
        *answer.headers.items(),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
