"""What a client of graphql-transport-ws sends, ready for the socket."""

from collections.abc import Mapping
from typing import Any

import orjson

_PATH = "/graphql"
# The mask may be anything, and with zeros the bytes stay as they are. It protects from proxies, of which there is none.
_MASK = bytes(4)
_TEXT, _PONG = 0x81, 0x8A


def handshake(port: int) -> bytes:
    return (
        f"GET {_PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    ).encode()


def init(token: str) -> bytes:
    return _frame(_TEXT, orjson.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}}))


def subscribe(id: str, document: str, variables: Mapping[str, Any]) -> bytes:
    payload = {"query": document, "variables": variables}
    return _frame(_TEXT, orjson.dumps({"id": id, "type": "subscribe", "payload": payload}))


def ping() -> bytes:
    """The protocol's own, which is answered after what came before it was taken up."""
    return _frame(_TEXT, b'{"type":"ping"}')


def pong(payload: bytes) -> bytes:
    """The answer to a WebSocket's ping."""
    return _frame(_PONG, payload)


def _frame(kind: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        return bytes((kind, 0x80 | length)) + _MASK + payload
    return bytes((kind, 0x80 | 126)) + length.to_bytes(2, "big") + _MASK + payload
