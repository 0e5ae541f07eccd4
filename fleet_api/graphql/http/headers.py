"""The headers of a request, as bytes."""

from collections.abc import Iterable, Mapping

from starlette.types import Scope

Headers = Mapping[bytes, bytes]
"""Names in lower case, as ASGI has them."""

_ONLY_ONCE = {
    b"authorization",
    b"content-encoding",
    b"content-type",
    b"host",
    b"idempotency-key",
    b"last-event-id",
    b"origin",
    b"sec-fetch-site",
}


def headers_of(scope: Scope) -> Headers:
    """Of two of a name, lists are one list, and of anything else the first counts."""
    pairs: list[tuple[bytes, bytes]] = scope["headers"]
    headers = dict(pairs)
    return headers if len(headers) == len(pairs) else _joined(pairs)


def ambiguous(scope: Scope, headers: Headers) -> bytes | None:
    """A header that came twice and may mean only one thing: each server on the way could take another for it."""
    if len(headers) == len(scope["headers"]):
        return None
    names = [name for name, _ in scope["headers"]]
    return next((name for name in names if name in _ONLY_ONCE and names.count(name) > 1), None)


def text_of(headers: Headers, name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def address_of(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _joined(pairs: Iterable[tuple[bytes, bytes]]) -> Headers:
    headers: dict[bytes, bytes] = {}
    for name, value in pairs:
        if name not in headers:
            headers[name] = value
        elif name not in _ONLY_ONCE:
            headers[name] += b", " + value
    return headers
