"""The handshake of RFC 6455, for an ASGI application that accepts or refuses it."""

import asyncio
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from starlette.types import ASGIApp, Message
from websockets.utils import accept_key

from fleet_api.graphql.transport.refusals import FAILED, NO_SOCKET, WireRefusal

_KEY_BYTES = 16

_log = structlog.get_logger(__name__)


class Handshake:
    def __init__(
        self,
        transport: asyncio.Transport,
        accept_key: str,
        default_headers: Sequence[tuple[bytes, bytes]],
        refuse: Callable[[WireRefusal], None],
    ) -> None:
        self._transport = transport
        self._accept_key = accept_key
        self._default_headers = default_headers
        self._refuse = refuse
        self._is_answered = False

    async def run(self, app: ASGIApp, scope: dict[str, Any]) -> None:
        try:
            await app(scope, self._receive, self._send)
        except Exception as error:
            _log.error("handshake_failed", error=type(error).__name__)
        if not self._is_answered:
            self._refuse(FAILED)

    async def _receive(self) -> Message:
        return {"type": "websocket.connect"}

    async def _send(self, message: Message) -> None:
        """The one answer; what comes after it is nothing of ASGI's."""
        self._is_answered = True
        if message["type"] == "websocket.accept":
            self._transport.write(self._accepted(message["subprotocol"]))
        else:
            self._refuse(NO_SOCKET)

    def _accepted(self, subprotocol: str | None) -> bytes:
        lines = [
            b"HTTP/1.1 101 Switching Protocols",
            b"upgrade: websocket",
            b"connection: Upgrade",
            b"sec-websocket-accept: " + self._accept_key.encode(),
            *([b"sec-websocket-protocol: " + subprotocol.encode()] if subprotocol else []),
            *(b"%b: %b" % header for header in self._default_headers),
        ]
        return b"\r\n".join(lines) + b"\r\n\r\n"


def accept_key_of(method: str, headers: Mapping[bytes, bytes]) -> str | None:
    """What answers the client's key; None where this is no handshake of version 13."""
    key = headers.get(b"sec-websocket-key", b"")
    try:
        is_key = len(binascii.a2b_base64(key, strict_mode=True)) == _KEY_BYTES
    except binascii.Error:
        is_key = False
    is_handshake = is_key and method == "GET" and headers.get(b"sec-websocket-version") == b"13"
    return accept_key(key.decode()) if is_handshake else None
