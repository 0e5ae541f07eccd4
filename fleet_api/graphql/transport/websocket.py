"""A WebSocket after its handshake: frames written straight to the network, and messages as they come."""

import asyncio
from typing import Protocol

from websockets.exceptions import ProtocolError
from websockets.frames import Close, CloseCode, Opcode

from fleet_api.graphql.transport.connection import Connection
from fleet_api.graphql.transport.frames import BrokenFrame, Incoming, close_frame, frame
from fleet_api.graphql.transport.heartbeat import PERIOD_S, Heartbeat

_PING = frame(Opcode.PING, b"")
_AT_A_TIME = 4


class Listener(Protocol):
    """Who speaks on the socket. None of this waits."""

    def opened(self, socket: "WebSocket") -> None: ...

    def heard(self, message: str) -> None: ...

    def heard_bytes(self) -> None:
        """A binary message."""

    def slow(self) -> None:
        """The client does not read; close it."""

    def restarting(self) -> None:
        """The server stops; close it."""

    def gone(self) -> None: ...


class WebSocket(Connection):
    __slots__ = ("_begun", "_broken", "_deaf", "_heartbeat", "_incoming", "_is_alive", "_listener")

    def __init__(self, listener: Listener, heartbeat: Heartbeat, max_message_bytes: int) -> None:
        super().__init__()
        self._listener = listener
        self._heartbeat = heartbeat
        self._incoming = Incoming(max_message_bytes)
        self._begun: int | None = None
        """Which message was under way at the last beat."""
        self._is_alive = True
        self._deaf = self._broken = False

    def opened(self) -> None:
        self._heartbeat.add(self)
        self._listener.opened(self)

    def say_text(self, message: bytes) -> None:
        self.write(frame(Opcode.TEXT, message))

    def close(self, code: int, reason: str) -> None:
        """reason: at most 123 bytes."""
        if not self._ending:
            self.end(close_frame(code, reason))
            self.listen()

    def turn_deaf(self) -> None:
        """Hears nothing until `listen`: what the client says meanwhile waits, on its side of the network."""
        self._deaf = True
        self.transport.pause_reading()

    def listen(self) -> None:
        self._deaf = False
        if not self.transport.is_closing() and (self._ending or not self.is_behind):
            self.transport.resume_reading()
            self._hear()

    def data_received(self, data: bytes) -> None:
        self._is_alive = True
        if not self._broken:
            self._incoming.feed(data)
            self._hear()

    def pause_writing(self) -> None:
        # Who does not take answers can wait for more of them.
        super().pause_writing()
        if not self._ending and not self.transport.is_closing():
            self.transport.pause_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self._deaf:
            self.listen()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        del self._listener  # they know each other, and only a rare search for garbage would find it out

    def beat(self) -> None:
        begun = self._incoming.whole if self._incoming.is_unfinished else None
        if not self._is_alive:
            self.abort()
        elif begun is not None and begun == self._begun and not (self._deaf or self.is_behind):
            self._fail(BrokenFrame(CloseCode.POLICY_VIOLATION, f"Send a message within {PERIOD_S} s"))
        else:
            self.write(_PING)
        self._is_alive, self._begun = False, begun

    def give_up(self) -> None:
        self._listener.slow()

    def shutdown(self) -> None:
        if not self._ending:
            self._listener.restarting()

    def gone(self) -> None:
        self._heartbeat.remove(self)
        self._listener.gone()

    def _hear(self) -> None:
        """A few messages. Whoever says more at a time lets others speak before they go on."""
        try:
            for _ in range(_AT_A_TIME):
                if self._deaf or (self.is_behind and not self._ending) or not (message := self._incoming.next()):
                    return
                self._take(*message)
        except (BrokenFrame, ProtocolError, UnicodeDecodeError) as error:
            self._fail(error)
        else:
            if not self._deaf and not self.transport.is_closing():
                self.turn_deaf()
                asyncio.get_running_loop().call_soon(self.listen)

    def _take(self, opcode: Opcode, payload: bytes) -> None:
        if opcode is Opcode.CLOSE:
            Close.parse(payload)
            self.end(frame(Opcode.CLOSE, payload))
            self.transport.close()
            self._broken = self._deaf = True
        elif self._ending:
            pass  # it may not have heard yet
        elif opcode is Opcode.PING:
            self.write(frame(Opcode.PONG, payload))
        elif opcode is Opcode.TEXT:
            self._listener.heard(payload.decode())
        elif opcode is Opcode.BINARY:
            self._listener.heard_bytes()

    def _fail(self, error: BrokenFrame | ProtocolError | UnicodeDecodeError) -> None:
        """What comes now cannot be told apart any more, and is dropped."""
        self._broken, self._incoming = True, Incoming(0)
        if isinstance(error, BrokenFrame):
            self.end(close_frame(error.code, error.reason))
        elif isinstance(error, UnicodeDecodeError):
            self.end(close_frame(CloseCode.INVALID_DATA, "Text is UTF-8"))
        else:
            self.end(close_frame(CloseCode.PROTOCOL_ERROR, "A broken close frame"))
