"""graphql-transport-ws: the conversation on one socket.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md; docs/subscriptions.md is written for its client.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from graphql import GraphQLError

from fleet_api.graphql.context import Context, principal_of
from fleet_api.graphql.graphql_request import NotARequest
from fleet_api.graphql.shared.errors import presented
from fleet_api.graphql.standing import expired
from fleet_api.graphql.transport.house import House
from fleet_api.graphql.transport.messages import Closing, authorization_in, id_of, object_of, payload_of
from fleet_api.graphql.transport.operation import Operation
from fleet_api.graphql.transport.socket_member import SocketMember
from fleet_api.graphql.transport.tallies import closed, turned_away
from fleet_api.graphql.transport.websocket import WebSocket
from fleet_api.shared.domain.clock import utc_now
from fleet_api.shared.domain.output_context import OutputErrorContext, Refused
from fleet_api.shared.domain.text import Language
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer

PROTOCOL = "graphql-transport-ws"

_TOO_MANY = {"code": "TOO_MANY_OPERATIONS"}
_ACK, _PONG = b'{"type":"connection_ack"}', b'{"type":"pong"}'

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who opened the socket, as far as the handshake tells. trace: headers of a trace that goes on here, if any."""

    language: Language
    request_id: str
    address: str
    trace: Mapping[str, str] | None


class Conversation:
    __slots__ = (
        "_caller",
        "_house",
        "_is_acknowledged",
        "_members",
        "_pending",
        "_seat",
        "_socket",
        "_was_initialised",
        "viewer",
    )

    def __init__(self, house: House, caller: Caller) -> None:
        self._house = house
        self._caller = caller
        self._members: dict[str, SocketMember] = {}
        self._was_initialised = self._is_acknowledged = False
        self._pending: asyncio.TimerHandle | asyncio.Task[None] | None = None
        """What the socket waits for: its connection_init, or the answer to who asks."""
        self._seat: str | None = None
        self.viewer = ANONYMOUS

    # What the socket tells

    def opened(self, socket: WebSocket) -> None:
        self._socket = socket
        seconds = self._house.bounds.init_seconds
        late = Closing(4408, f"Connection initialisation timeout: send connection_init within {seconds:g} s")
        self._pending = asyncio.get_running_loop().call_later(seconds, self._close, late)

    def heard(self, message: str) -> None:
        try:
            self._hear(object_of(self._house.reader.json(message)))
        except NotARequest as fault:
            self._close(Closing(4400, str(fault)))
        except Closing as closing:
            self._close(closing)

    def heard_bytes(self) -> None:
        self._close(Closing(4400, "Messages are text"))

    def slow(self) -> None:
        self._close(Closing(4408, "Too slow: resume with your last cursor"))

    def restarting(self) -> None:
        self._close(Closing(1012, "Service restart: resume with your last cursor"))

    def gone(self) -> None:
        self._house.standing.remove(self)
        if self._seat is not None:
            self._house.seats.leave(self._seat)
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None
        for member in self._members.values():
            member.leave()
        self._members.clear()

    # What others tell

    def show_out(self, why: OutputErrorContext) -> None:
        self._close(_forbidden(why))

    def finished(self, id: str) -> None:
        """The operation of that id is over."""
        del self._members[id]

    def _close(self, closing: Closing) -> None:
        closed[str(closing.code)] += 1
        self._socket.close(closing.code, closing.reason)

    # What the client tells

    def _hear(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "connection_init":
                self._initialise(payload_of(message))
            case "subscribe":
                self._subscribe(id_of(message), message.get("payload"))
            case "complete":
                if (member := self._members.pop(id_of(message), None)) is not None:
                    member.leave()
            case "ping":
                self._ping(payload_of(message))
            case "pong":
                payload_of(message)
            case _:
                raise Closing(4400, "No such type of message")

    def _initialise(self, payload: dict[str, Any]) -> None:
        if self._was_initialised:
            raise Closing(4429, "Too many initialisation requests: send connection_init once")
        self._was_initialised = True
        if self._pending is not None:
            self._pending.cancel()
        self._look(self._let_in(authorization_in(payload)))

    async def _let_in(self, authorization: str | None) -> None:
        """Who asks is in the payload, since a browser cannot give a socket a header. Without one: anonymous."""
        self.viewer = await self._verified(authorization)
        self._take_a_seat()
        self._house.standing.add(self)
        self._is_acknowledged = True
        self._socket.say_text(_ACK)

    def _take_a_seat(self) -> None:
        principal, seats = principal_of(self.viewer, self._caller.address), self._house.seats
        try:
            seats.check(principal)
        except Refused as refused:
            raise Closing(1013, f"{refused.refusal.code}: {refused.refusal.message.en}") from None
        seats.take(principal)
        self._seat = principal

    def _ping(self, payload: dict[str, Any]) -> None:
        authorization = authorization_in(payload)
        if authorization is None or not self._is_acknowledged:
            self._socket.say_text(_PONG)
        else:
            self._look(self._renew(authorization))

    async def _renew(self, authorization: str) -> None:
        """The same viewer with a newer token stays, and so does all that it follows."""
        viewer = await self._verified(authorization)
        if (viewer.principal, viewer.session_id) != (self.viewer.principal, self.viewer.session_id):
            raise Closing(4403, "Another viewer: open a socket of its own")
        self.viewer = viewer
        payload = {"renewed": True, "expiresAt": viewer.expires_at}
        self._socket.say_text(orjson.dumps({"type": "pong", "payload": payload}, option=orjson.OPT_UTC_Z))

    def _look(self, looking: Coroutine[Any, Any, None]) -> None:
        """Nothing is heard before it is clear who asks, so that what comes next finds it out."""
        self._socket.turn_deaf()
        self._pending = asyncio.create_task(self._looked(looking))

    async def _looked(self, looking: Coroutine[Any, Any, None]) -> None:
        try:
            await looking
        except Refused as refused:
            self._close(_forbidden(refused.refusal))
        except Closing as closing:
            self._close(closing)
        except Exception as error:
            _log.error("socket_failed", error=type(error).__name__)
            self._close(Closing(1011, "Something went wrong on our side: connect again"))
        else:
            self._pending = None
            self._socket.listen()

    async def _verified(self, authorization: str | None) -> Viewer:
        viewer = await self._house.authentication.viewer(authorization)
        if expired(viewer, utc_now()):  # a request may come a little late, a socket would end at once
            raise Closing(4403, "TOKEN_EXPIRED: connect with a new token")
        return viewer

    def _subscribe(self, id: str, payload: Any) -> None:
        if not self._is_acknowledged:
            raise Closing(4401, "Unauthorized: send connection_init, and await connection_ack")
        if id in self._members:
            raise Closing(4409, "Subscriber for this id already exists: take another, or complete it")
        member = SocketMember(self, self._socket, id)
        most = self._house.bounds.subscriptions
        if len(self._members) >= most:
            error = GraphQLError(f"A socket runs at most {most} operations.", extensions=_TOO_MANY)
            member.tell("error", [error.formatted])
            turned_away[_TOO_MANY["code"]] += 1
            return
        house, caller = self._house, self._caller
        context = Context(
            house.unit_of_work,
            house.services,
            self.viewer,
            caller.language,
            caller.request_id,
            caller.address,
            "ws",
            caller.trace,
        )
        try:
            asked = house.reader.request_of(payload)
        except NotARequest:
            raise
        except Refused as refused:
            member.tell("error", [e.formatted for e in presented([GraphQLError("", original_error=refused)], context)])
            return
        self._members[id] = member
        member.operation = Operation(house.desk, asked, context, member)


def _forbidden(why: OutputErrorContext) -> Closing:
    return Closing(4403, f"{why.code}: connect with a token that holds")
