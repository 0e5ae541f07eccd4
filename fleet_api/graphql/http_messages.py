"""What GraphQL over HTTP reads and writes: bodies and headers, as bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope, Send

from fleet_api.graphql.graphql_request import GraphQLRequest, NotARequest, request_of
from fleet_api.graphql.language import language_of
from fleet_api.graphql.shared.refusals import extensions_of
from fleet_api.shared.domain.output_context import OutputErrorContext, Refused

MAX_BODY_BYTES = 2 * 1024 * 1024

RESPONSE = b"application/graphql-response+json"
EVENT_STREAM = b"text/event-stream"
_JSON = b"application/json"
_UNAUTHORIZED = 401
_CODES = {400: "BAD_REQUEST", 405: "METHOD_NOT_ALLOWED", 413: "BODY_TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE"}

Headers = Mapping[bytes, bytes]
"""Names in lower case, as ASGI has them."""


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


async def read_request(scope: Scope, headers: Headers, receive: Receive) -> GraphQLRequest:
    """Raises `HttpError` for what is not a well-formed GraphQL request."""
    if scope["method"] == "GET":
        fields: Any = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if "variables" in fields:
            fields["variables"] = _json(fields["variables"])
    else:
        fields = _json(await _body(headers, receive))
    try:
        return request_of(fields)
    except NotARequest as fault:
        raise HttpError(400, str(fault)) from None


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


def text_of(headers: Headers, name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def address_of(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def accepted(headers: Headers) -> bytes:
    return headers.get(b"accept", b"*/*").lower()


def media_type_of(headers: Headers) -> bytes:
    accept = accepted(headers)
    return RESPONSE if RESPONSE in accept or _JSON not in accept else _JSON


def wants_stream(headers: Headers) -> bool:
    """Clients that take streams among others mean JSON where JSON can be had."""
    accept = headers.get(b"accept", b"").lower()
    return EVENT_STREAM in accept and _JSON not in accept and RESPONSE not in accept


def refusal_answer(refused: Refused, headers: Headers) -> Answer:
    language = language_of(text_of(headers, b"accept-language"))
    message = refused.refusal.message.in_language(language)
    shown = {"message": message, "extensions": extensions_of(refused.refusal, language)}
    return Answer({"errors": [shown]}, refused.refusal.http_status, _advice(refused.refusal))


def _advice(refusal: OutputErrorContext) -> Headers:
    if refusal.http_status == _UNAUTHORIZED:
        return {b"www-authenticate": b'Bearer error="invalid_token"'}
    return {} if refusal.retry_after is None else {b"retry-after": b"%d" % refusal.retry_after}


async def send_answer(send: Send, answer: Answer, media_type: bytes) -> None:
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
