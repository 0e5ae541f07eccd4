"""GraphQL over HTTP, by its specification."""

from dataclasses import dataclass
from typing import Any

import orjson
from graphql import OperationType
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
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

_RESPONSE = "application/graphql-response+json"
_JSON = "application/json"
_CODES = {400: "BAD_REQUEST", 405: "METHOD_NOT_ALLOWED", 413: "BODY_TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE"}
_ALLOWED = {"GET": {OperationType.QUERY}, "POST": {OperationType.QUERY, OperationType.MUTATION}}


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


class GraphQLEndpoint:
    def __init__(
        self, schema: FleetSchema, unit_of_work: UnitOfWork, services: Services, authentication: Authentication
    ) -> None:
        self._schema = schema
        self._unit_of_work = unit_of_work
        self._services = services
        self._authentication = authentication

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except HTTPException as error:
            response = _answer(
                request, {"errors": [_error(error.detail, _CODES[error.status_code])]}, error.status_code, error.headers
            )
        except Refused as refused:
            language = language_of(request.headers.get("accept-language"))
            message = refused.refusal.message.in_language(language)
            shown = {"message": message, "extensions": extensions_of(refused.refusal, language)}
            headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            response = _answer(request, {"errors": [shown]}, refused.refusal.http_status, headers)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method not in _ALLOWED:
            raise HTTPException(405, "Ask with GET or POST.", {"Allow": "GET, POST"})
        if _is_a_person(request):
            return RedirectResponse("/graphiql")
        asked = await _read(request)
        viewer = await self._authentication.viewer(request.headers.get("authorization"), _address(request))
        language = language_of(request.headers.get("accept-language"))
        context = Context(self._unit_of_work, self._services, viewer, language, request.state.request_id)
        result = await self._execute(request, asked, context)
        body: dict[str, Any] = {"errors": [error.formatted for error in result.errors]} if result.errors else {}
        if not _never_ran(result):
            body["data"] = result.data
        # A request that never ran is the client's fault; application/json predates saying so by status.
        failed = "data" not in body and _media_type(request) == _RESPONSE
        return _answer(request, body, 400 if failed else 200)

    async def _execute(self, request: Request, asked: GraphQLRequest, context: Context) -> ExecutionResult:
        try:
            return await self._schema.execute(
                asked.query,
                variable_values=asked.variables,
                operation_name=asked.operation_name,
                context_value=context,
                allowed_operation_types=_ALLOWED[request.method],
            )
        except OperationTypeNotAllowed as error:
            if request.method == "GET":
                raise HTTPException(405, "GET runs queries only; POST mutations.", {"Allow": "POST"}) from error
            raise HTTPException(
                400, "Subscriptions run over WebSocket: graphql-transport-ws at this address."
            ) from error
        except UnknownOperation as error:
            raise HTTPException(400, "The document has no operation of that name.") from error


def _never_ran(result: ExecutionResult) -> bool:
    """The document did not parse or fit, or its variables did not: in graphql-core's words, a request error."""
    errors = result.errors or []
    return isinstance(result, PreExecutionError) or (result.data is None and all(e.path is None for e in errors))


async def _read(request: Request) -> GraphQLRequest:
    """Raises `HTTPException` (400, 413, 415) for what is not a well-formed GraphQL request."""
    if request.method == "GET":
        fields: Any = dict(request.query_params)
        if "variables" in fields:
            fields["variables"] = _json(fields["variables"].encode())
    elif _is_plain_json(request.headers):
        fields = _json(await _body(request))
    else:
        raise HTTPException(415, "Send the request as application/json in UTF-8, not compressed.")
    if not isinstance(fields, dict):
        raise HTTPException(400, "Send one JSON object with a `query`.")
    query, variables, name = fields.get("query"), fields.get("variables"), fields.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise HTTPException(400, "The field `query` must be a GraphQL document.")
    if not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise HTTPException(400, "The field `variables` must be an object, and `operationName` a string.")
    if not isinstance(fields.get("extensions"), dict | str | None):
        raise HTTPException(400, "The field `extensions` must be an object.")
    return GraphQLRequest(query, variables, name or None)


def _is_plain_json(headers: Headers) -> bool:
    media_type, _, parameters = headers.get("content-type", "").lower().partition(";")
    charset = parameters.strip().removeprefix("charset=").strip('"')
    return (
        media_type.strip() == _JSON
        and charset in {"", "utf-8"}
        and headers.get("content-encoding", "identity").lower() == "identity"
    )


async def _body(request: Request) -> bytes:
    """The body, given up as soon as it is too long, whatever its Content-Length claims."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413, f"A request is at most {MAX_BODY_BYTES} bytes.")
    return bytes(body)


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        raise HTTPException(400, "This is not JSON in UTF-8.") from None


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _is_a_person(request: Request) -> bool:
    return request.method == "GET" and "query" not in request.query_params and "text/html" in _accepted(request)


def _accepted(request: Request) -> str:
    return request.headers.get("accept", "*/*").lower()


def _media_type(request: Request) -> str:
    return _RESPONSE if _RESPONSE in _accepted(request) or _JSON not in _accepted(request) else _JSON


def _error(message: str, code: str) -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code}}


def _answer(request: Request, body: object, status: int, headers: Any = None) -> Response:
    response = Response(orjson.dumps(body), status, headers, f"{_media_type(request)}; charset=utf-8")
    MutableHeaders(scope={"headers": response.raw_headers}).update({"cache-control": "no-store", "vary": "Accept"})
    return response
