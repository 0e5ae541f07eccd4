"""The body of a request: read, and decompressed, no further than it may be long."""

import zlib

from starlette.types import Receive

from fleet_api.graphql.http.headers import Headers
from fleet_api.graphql.http.http_errors import (
    body_cut_off,
    body_too_large,
    broken_compression,
    unsupported_coding,
    unsupported_media_type,
)

_WINDOW_BITS = {b"gzip": 31, b"x-gzip": 31, b"deflate": zlib.MAX_WBITS}
_JSON = {b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-8"}


async def read_body(headers: Headers, receive: Receive, most: int) -> bytes:
    """At most so many bytes, once decompressed. Raises `HttpRefused`."""
    if not _is_json(headers.get(b"content-type", b"")):
        raise unsupported_media_type()
    coding = headers.get(b"content-encoding", b"identity").strip().lower()
    if coding != b"identity" and coding not in _WINDOW_BITS:
        raise unsupported_coding()
    if _length(headers) > most:
        raise body_too_large(most)
    body = await _read(receive, most)
    return body if coding == b"identity" else _decompressed(body, coding, most)


def _is_json(content_type: bytes) -> bool:
    if content_type in _JSON:
        return True
    media_type, _, parameters = content_type.lower().partition(b";")
    pairs = [piece.strip().partition(b"=") for piece in parameters.split(b";")]
    charsets = {value.strip(b'" ') for name, _, value in pairs if name.strip() == b"charset"}
    return media_type.strip() == b"application/json" and charsets <= {b"utf-8", b"utf8"}


def _length(headers: Headers) -> int:
    """What the client claims."""
    claimed = headers.get(b"content-length", b"")
    return int(claimed[:20]) if claimed.isdigit() else 0


async def _read(receive: Receive, most: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise body_cut_off()
        piece: bytes = message.get("body", b"")
        if len(body) + len(piece) > most:
            raise body_too_large(most)
        if not message.get("more_body"):
            return bytes(body + piece) if body else piece
        body += piece


def _decompressed(body: bytes, coding: bytes, most: int) -> bytes:
    """Stops as soon as there is too much: a kilobyte of gzip may hold a megabyte. Of gzip one member: a body of a
    hundred thousand empty ones would keep us busy."""
    inflating = zlib.decompressobj(_WINDOW_BITS[coding])
    try:
        whole = inflating.decompress(body, most + 1)
    except zlib.error:
        raise broken_compression(coding.decode()) from None
    if len(whole) > most:
        raise body_too_large(most)
    if not inflating.eof or inflating.unused_data:
        raise broken_compression(coding.decode())
    return whole
