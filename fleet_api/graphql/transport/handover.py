"""uvicorn's protocols, which serve a request or a handshake, and then leave its connection to whoever takes it over.

An application finds `scope["extensions"]["fleet.handover"]`: a function that takes a `Connection`, to be called once
what begins the answer was sent. The application returns then, and nothing of uvicorn is left but the transport. Nothing
is taken over from a client that is gone by then.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from fleet_api.graphql.transport.connection import Connection

EXTENSION = "fleet.handover"


class HandingHttp(HttpToolsProtocol):
    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions: dict[str, Any] = {EXTENSION: self._hand_over}
        self.scope["extensions"] = extensions

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        self._forget()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._forget()

    def _hand_over(self, connection: Connection) -> None:
        cycle = self.cycle
        # For uvicorn this answer is complete, whatever follows.
        cycle.response_complete = True
        self.connections.discard(self)
        self._forget()
        if not cycle.disconnected:
            connection.take_over(self.transport, self.connections)

    def _forget(self) -> None:
        """These refer to us as we do to them, and only a search for garbage, which is rare, would find it out."""
        self.parser = self.cycle = None  # type: ignore[assignment]
        if self.scope:
            self.scope.pop("extensions", None)


class HandingWebSocket(WebSocketsSansIOProtocol):
    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.handshake_complete:
            self.scope["extensions"] = {**self.scope["extensions"], EXTENSION: self._hand_over}  # type: ignore[dict-item]

    def _hand_over(self, connection: Connection) -> None:
        self.stop_keepalive()
        self.connections.discard(self)
        del self.scope["extensions"]
        self.conn.parser.close()
        transport, self.transport = self.transport, _HandedOver()
        if not self.disconnected:
            connection.take_over(transport, self.connections)


class _HandedOver(asyncio.Transport):
    """What uvicorn closes at the end of every handshake."""

    def close(self) -> None:
        pass
