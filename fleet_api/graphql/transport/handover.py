"""uvicorn's HTTP, which serves a request or a handshake, and then leaves its connection to whoever takes it over.

An application finds `scope["extensions"]["fleet.handover"]`: a function that takes a `Connection`, to be called once
what begins the answer was sent. The application returns then, and nothing of uvicorn is left but the transport.
"""

from typing import Any

from fleet_api.graphql.transport.connection import Connection
from fleet_api.graphql.transport.guarded_http import GuardedHttp
from fleet_api.graphql.transport.handshake import Handshake, accept_key_of
from fleet_api.graphql.transport.refusals import NO_HANDSHAKE

EXTENSION = "fleet.handover"


class HandingHttp(GuardedHttp):
    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions: dict[str, Any] = {EXTENSION: self._hand_over}
        self.scope["extensions"] = extensions

    def handle_websocket_upgrade(self) -> None:
        """By ourselves: uvicorn would have the request read once more, by a library that we need for nothing else."""
        key = accept_key_of(self.scope["method"], dict(self.scope["headers"]))
        is_busy = self.cycle is not None and not self.cycle.response_complete
        if key is None or is_busy:
            self.refuse(NO_HANDSHAKE)
            return
        self.turn_deaf()
        handshake = Handshake(self.transport, key, self.server_state.default_headers, self.refuse)
        task = self.loop.create_task(handshake.run(self.app, self._websocket_scope()))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._forget()

    def _websocket_scope(self) -> dict[str, Any]:
        path, raw_path, query = self._place()
        offered = [value.decode("latin-1") for name, value in self.headers if name == b"sec-websocket-protocol"]
        return {
            **self.scope,
            "type": "websocket",
            "scheme": "wss" if self.scheme == "https" else "ws",
            "path": path,
            "raw_path": raw_path,
            "query_string": query,
            "subprotocols": [name.strip() for names in offered for name in names.split(",")],
        }

    def _hand_over(self, connection: Connection) -> None:
        if self.cycle is not None:
            # For uvicorn this answer is complete, whatever follows.
            self.cycle.response_complete = True
        self.connections.discard(self)
        self.leave()
        self._forget()
        connection.take_over(self.transport, self.connections)

    def _forget(self) -> None:
        """These refer to us as we do to them, and only a search for garbage, which is rare, would find it out."""
        self.parser = self.cycle = None  # type: ignore[assignment]
        if self.scope:
            self.scope.pop("extensions", None)
