"""An operation of a socket, as those see it who answer it."""

from collections.abc import Sequence
from typing import Protocol

import orjson
from graphql import GraphQLError

from fleet_api.graphql.transport.frames import TextFrames
from fleet_api.graphql.transport.operation import Asker, Operation
from fleet_api.graphql.transport.tallies import told
from fleet_api.graphql.transport.websocket import WebSocket

_text_frames = TextFrames()


class Speaking(Protocol):
    """The conversation that it belongs to."""

    def finished(self, id: str) -> None: ...

    def slow(self) -> None: ...


class SocketMember(Asker):
    __slots__ = ("_conversation", "_id", "_prefix", "_socket", "operation")

    operation: Operation

    def __init__(self, conversation: Speaking, socket: WebSocket, id: str) -> None:
        self._conversation: Speaking | None = conversation
        self._socket = socket
        self._id = id
        self._prefix = b'{"id":%b,"type":"next","payload":' % orjson.dumps(id)

    def send(self, results: Sequence[bytes], cursors: Sequence[str] = ()) -> None:
        if self._conversation is not None:
            self._socket.write(_text_frames.of(self._prefix, results))
            told["ws"] += len(results)

    def complete(self) -> None:
        if self._conversation is not None:
            self._socket.say_text(orjson.dumps({"id": self._id, "type": "complete"}))
            self._finish()

    def refuse(self, errors: Sequence[GraphQLError]) -> None:
        if self._conversation is not None:
            self.tell("error", [error.formatted for error in errors])
            self._finish()

    @property
    def is_behind(self) -> bool:
        return self._socket.is_behind

    @property
    def unsent_bytes(self) -> int:
        return self._socket.unsent_bytes

    async def drained(self) -> None:
        if self._conversation is not None:
            await self._socket.drained()

    def give_up(self) -> None:
        if self._conversation is not None:
            self._conversation.slow()

    def leave(self) -> None:
        """The client wants no more of it, or is gone."""
        self._conversation = None
        self.operation.stop()

    def tell(self, type: str, payload: object) -> None:
        self._socket.say_text(orjson.dumps({"id": self._id, "type": type, "payload": payload}))

    def _finish(self) -> None:
        conversation, self._conversation = self._conversation, None
        if conversation is not None:
            conversation.finished(self._id)
