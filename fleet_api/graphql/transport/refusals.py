"""What the wire tells whoever never reaches the API: in the shape of its errors, and always as the last words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self

import orjson

from fleet_api.settings import Settings

refused: Counter[str] = Counter()
"""How often this process told each code."""


@dataclass(frozen=True, slots=True)
class WireRefusal:
    """code: stable, for programs. message: says what to do."""

    status: int
    code: str
    message: str
    _lines: bytes = field(init=False, repr=False)
    _body: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        body = orjson.dumps({"errors": [{"message": self.message, "extensions": {"code": self.code}}]})
        lines = (
            b"content-type: application/json; charset=utf-8\r\n"
            b"content-length: %d\r\ncache-control: no-store\r\nconnection: close\r\n\r\n" % len(body)
        )
        object.__setattr__(self, "_body", body)
        object.__setattr__(self, "_lines", lines)

    def answer(self, default_headers: Sequence[tuple[bytes, bytes]], method: bytes) -> bytes:
        """The whole of it, as it goes over the wire."""
        refused[self.code] += 1
        phrase = HTTPStatus(self.status).phrase.encode()
        first = [b"HTTP/1.1 %d %b\r\n" % (self.status, phrase), *(b"%b: %b\r\n" % header for header in default_headers)]
        return b"".join((*first, self._lines, b"" if method == b"HEAD" else self._body))


MALFORMED = WireRefusal(400, "BAD_REQUEST", "This is not a request of HTTP/1.1: check its lines, headers and length.")
NO_HOST = WireRefusal(400, "BAD_REQUEST", "A request names its host in one header Host.")
AMBIGUOUS = WireRefusal(400, "BAD_REQUEST", "Give the body one Content-Length, or Transfer-Encoding: chunked alone.")
IMPATIENT = WireRefusal(429, "TOO_MANY_REQUESTS", "Await the answers to what you asked on this connection.")
NO_HANDSHAKE = WireRefusal(400, "BAD_REQUEST", "This is not a WebSocket handshake of version 13.")
NO_SOCKET = WireRefusal(403, "FORBIDDEN", "Sockets open at /graphql, and for pages of allowed origins only.")
FAILED = WireRefusal(500, "INTERNAL_ERROR", "Something went wrong on our side.")
CROWDED = WireRefusal(503, "UNAVAILABLE", "Too many connections are open. Try again in a few seconds.")


@dataclass(frozen=True, slots=True)
class BoundRefusals:
    """What is told at the bounds that the settings set."""

    many_headers: WireRefusal
    long_headers: WireRefusal
    long_url: WireRefusal
    long_body: WireRefusal
    late_headers: WireRefusal
    late_body: WireRefusal

    @classmethod
    def of(cls, settings: Settings) -> Self:
        def late(what: str, seconds: float) -> WireRefusal:
            return WireRefusal(408, "REQUEST_TIMEOUT", f"Send the {what} within {seconds:g} s.")

        many, long, url, body = (
            f"A request has at most {settings.max_headers} headers.",
            f"The headers are at most {settings.max_header_bytes} bytes together.",
            f"An address is at most {settings.max_url_bytes} bytes: POST longer documents.",
            f"A request is at most {settings.max_body_bytes} bytes.",
        )
        return cls(
            WireRefusal(431, "HEADERS_TOO_LARGE", many),
            WireRefusal(431, "HEADERS_TOO_LARGE", long),
            WireRefusal(414, "URL_TOO_LONG", url),
            WireRefusal(413, "BODY_TOO_LARGE", body),
            late("headers", settings.header_seconds),
            late("whole body", settings.body_seconds),
        )
