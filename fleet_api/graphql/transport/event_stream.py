"""Server-sent events: the answers to one operation on a connection of its own.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, "distinct connections mode".
"""

import socket
from collections.abc import Sequence
from itertools import zip_longest

import orjson
from graphql import GraphQLError

from fleet_api.graphql.context import Context
from fleet_api.graphql.graphql_request import GraphQLRequest
from fleet_api.graphql.shared.errors import presented
from fleet_api.graphql.transport.connection import Connection
from fleet_api.graphql.transport.house import House
from fleet_api.graphql.transport.operation import Asker, Operation
from fleet_api.graphql.transport.tallies import told
from fleet_api.shared.domain.output_context import OutputErrorContext, Refused

_COMMENT = b":\n\n"
_COMPLETE = b"event: complete\ndata: \n\n"
_LAST_CHUNK = b"0\r\n\r\n"
# A client on a slow line may take this long for the last of what it asked.
_LINGER_S = 10.0
_VANISHED_MS = 30_000


class EventStream(Connection):
    """A body in chunks of HTTP/1.1, after its headers were sent; the operation starts with it."""

    __slots__ = ("_asked", "_context", "_house", "_member", "viewer")

    def __init__(self, house: House, asked: GraphQLRequest, context: Context) -> None:
        super().__init__()
        self._house, self._asked, self._context = house, asked, context
        self.viewer = context.viewer

    def opened(self) -> None:
        # It never answers, so that only the kernel can tell when it vanished.
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            kernel: socket.socket = self.transport.get_extra_info("socket")
            kernel.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _VANISHED_MS)
        self._house.seats.take(self._context.principal)
        self._house.standing.add(self)
        self._house.heartbeat.add(self)
        self._member = StreamMember(self)
        self.write(_chunk(_COMMENT))
        self._member.operation = Operation(self._house.desk, self._asked, self._context, self._member)

    def data_received(self, data: bytes) -> None:
        """It has nothing more to say: this connection is the answer to one request, and its last."""

    def beat(self) -> None:
        self.write(_chunk(_COMMENT))

    def tell(self, events: bytes) -> None:
        if events:  # an empty chunk would be the last
            self.write(_chunk(events))

    def complete(self, events: bytes = b"") -> None:
        self.end(_chunk(events + _COMPLETE) + _LAST_CHUNK, _LINGER_S)
        self.transport.close()

    def refuse(self, errors: Sequence[GraphQLError]) -> None:
        self.complete(_next(orjson.dumps({"errors": [error.formatted for error in errors]})))

    def show_out(self, why: OutputErrorContext) -> None:
        self.refuse(presented([GraphQLError("", original_error=Refused(why))], self._context))

    def give_up(self) -> None:
        self.end(b"")
        self.abort()

    def shutdown(self) -> None:
        """Without `complete`: clients come back then."""
        self.end(_LAST_CHUNK)
        self.transport.close()

    def gone(self) -> None:
        self._house.standing.remove(self)
        self._house.heartbeat.remove(self)
        self._house.seats.leave(self._context.principal)
        self._member.leave()


class StreamMember(Asker):
    __slots__ = ("_stream", "operation")

    operation: Operation

    def __init__(self, stream: EventStream) -> None:
        self._stream: EventStream | None = stream

    def send(self, results: Sequence[bytes], cursors: Sequence[str] = ()) -> None:
        if self._stream is not None:
            each = zip_longest(results, cursors)
            self._stream.tell(b"".join([_next(result, cursor) for result, cursor in each]))
            told["sse"] += len(results)

    def complete(self) -> None:
        if self._stream is not None:
            self._stream.complete()

    def refuse(self, errors: Sequence[GraphQLError]) -> None:
        if self._stream is not None:
            self._stream.refuse(errors)

    @property
    def is_behind(self) -> bool:
        return self._stream is not None and self._stream.is_behind

    @property
    def unsent_bytes(self) -> int:
        return self._stream.unsent_bytes if self._stream else 0

    async def drained(self) -> None:
        if self._stream is not None:
            await self._stream.drained()

    def give_up(self) -> None:
        if self._stream is not None:
            self._stream.give_up()

    def leave(self) -> None:
        """Nobody hears it any more."""
        self._stream = None
        self.operation.stop()


def _next(result: bytes, cursor: str | None = None) -> bytes:
    id = b"" if cursor is None else b"id: %b\n" % cursor.encode()
    return b"event: next\n%bdata: %b\n\n" % (id, result)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)
