"""What GraphQL over HTTP answers: a body that becomes JSON, on the client's terms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.types import Send

from fleet_api.graphql.http.compression import WORTH_IT, gzipped
from fleet_api.graphql.http.http_errors import HttpRefused
from fleet_api.graphql.http.terms import Terms
from fleet_api.graphql.shared.refusals import extensions_of
from fleet_api.shared.domain.output_context import Refused

_NO_CONTENT = 204
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Answer:
    """body: what becomes JSON; None for no body at all."""

    body: Any
    status: int = 200
    headers: Iterable[tuple[bytes, bytes]] = ()


def refusal_answer(refused: Refused, terms: Terms) -> Answer:
    refusal = refused.refusal
    message = refusal.message.in_language(terms.language)
    headers = list(refused.headers.items()) if isinstance(refused, HttpRefused) else []
    if refusal.http_status == _UNAUTHORIZED:
        headers.append((b"www-authenticate", b'Bearer error="invalid_token"'))
    body = {"errors": [{"message": message, "extensions": extensions_of(refusal, terms.language)}]}
    return Answer(body, refusal.http_status, [*headers, *retry_after_in(body)])


def retry_after_in(body: Mapping[str, Any]) -> Iterable[tuple[bytes, bytes]]:
    """The header that says what the error does, for those who look no further."""
    if "data" in body:
        return ()
    seconds = body["errors"][0]["extensions"].get("retryAfter")
    return () if seconds is None else ((b"retry-after", b"%d" % seconds),)


async def send_answer(send: Send, answer: Answer, terms: Terms, shared: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """shared: headers that every answer to this client bears."""
    content, headers = b"", [*terms.headers, *answer.headers, *shared]
    if answer.body is not None:
        content = orjson.dumps(answer.body)
        headers.append(terms.content_type)
    if terms.gzip and content and (len(content) >= WORTH_IT or not terms.identity):
        content = await gzipped(content)
        headers.append((b"content-encoding", b"gzip"))
    if answer.status != _NO_CONTENT:
        headers.append((b"content-length", b"%d" % len(content)))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
