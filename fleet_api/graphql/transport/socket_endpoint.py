"""The handshake of a socket: which protocol, and from which page."""

from starlette.types import Receive, Scope, Send
from strawberry.http.websocket_origin import is_same_origin

from fleet_api.graphql.http_messages import address_of
from fleet_api.graphql.language import language_of
from fleet_api.graphql.seen.trace_headers import trace_headers
from fleet_api.graphql.transport.handover import EXTENSION
from fleet_api.graphql.transport.house import House
from fleet_api.graphql.transport.transport_ws import PROTOCOL, Caller, Conversation
from fleet_api.graphql.transport.websocket import WebSocket

_NOT_ACCEPTABLE = 4406


class SocketEndpoint:
    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        headers = {name: value.decode("latin-1") for name, value in reversed(scope["headers"])}
        if not _is_ours(headers):
            await send({"type": "websocket.close"})  # before it was accepted: 403
            return
        is_spoken = PROTOCOL in scope["subprotocols"]
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL if is_spoken else None})
        language, request_id = language_of(headers.get(b"accept-language")), scope["state"]["request_id"]
        caller = Caller(language, request_id, address_of(scope), trace_headers(scope["headers"]) or None)
        socket = WebSocket(Conversation(self._house, caller), self._house.heartbeat)
        scope["extensions"][EXTENSION](socket)
        if not is_spoken:
            socket.close(_NOT_ACCEPTABLE, f"Subprotocol not acceptable: speak {PROTOCOL}")


def _is_ours(headers: dict[bytes, str]) -> bool:
    """A page of another origin may open no socket; whoever sends no origin is no browser."""
    origin = headers.get(b"origin")
    return (
        origin is None
        or headers.get(b"sec-fetch-site") == "same-origin"
        or is_same_origin(origin, headers.get(b"host"))
    )
