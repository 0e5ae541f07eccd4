"""The handshake of a socket: which protocol, and from which page."""

from starlette.types import Receive, Scope, Send

from fleet_api.graphql.http.headers import Headers, address_of, text_of
from fleet_api.graphql.http.parameters import parameters_of
from fleet_api.graphql.language import language_of
from fleet_api.graphql.seen.trace_headers import trace_headers
from fleet_api.graphql.transport.handover import EXTENSION
from fleet_api.graphql.transport.house import House
from fleet_api.graphql.transport.transport_ws import PROTOCOL, Caller, Conversation
from fleet_api.graphql.transport.websocket import WebSocket
from fleet_api.shared.domain.output_context import Refused

_NOT_ACCEPTABLE = 4406


class SocketEndpoint:
    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        headers = dict(reversed(scope["headers"]))  # of two of a name, the first counts
        if not self._admits(headers, scope["scheme"]) or _has_token(scope["query_string"]):
            await send({"type": "websocket.close"})  # before it was accepted: 403
            return
        is_spoken = PROTOCOL in scope["subprotocols"]
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL if is_spoken else None})
        language, request_id = language_of(text_of(headers, b"accept-language")), scope["state"]["request_id"]
        caller = Caller(language, request_id, address_of(scope), trace_headers(scope["headers"]) or None)
        house = self._house
        socket = WebSocket(Conversation(house, caller), house.heartbeat, house.bounds.max_message_bytes)
        scope["extensions"][EXTENSION](socket)
        if not is_spoken:
            socket.close(_NOT_ACCEPTABLE, f"Subprotocol not acceptable: speak {PROTOCOL}")

    def _admits(self, headers: Headers, scheme: str) -> bool:
        """A page of another origin may open no socket; whoever sends no origin is no browser."""
        if headers.get(b"sec-fetch-site") == b"same-origin":  # no page can write this one by itself
            return True
        return self._house.origins.admits(headers.get(b"origin"), headers.get(b"host", b""), scheme)


def _has_token(query_string: bytes) -> bool:
    """Logs keep addresses. A token comes with connection_init."""
    try:
        parameters_of(query_string)
    except Refused:
        return True
    return False
