"""A connection that a handshake left to us: from now on nothing stands between us and the network."""

import asyncio
import socket
from abc import abstractmethod
from collections.abc import MutableSet
from typing import Any

from fleet_api.graphql.live.member import MOST_UNSENT_BYTES

LINGER_S = 1.0

_HIGH_WATER, _LOW_WATER = 64 * 1024, 16 * 1024
# The kernel takes twice as much for itself. Left alone it grows to megabytes for a client that does not read.
_KERNEL_BUFFER = 64 * 1024


class Connection(asyncio.Protocol):
    """Neither a task nor a queue: a connection that is idle costs next to nothing.

    Those who write never wait and never hear of an error; a client that does not read is given up."""

    __slots__ = ("_connections", "_drained", "_ending", "is_behind", "transport")

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.is_behind = False
        """Whether much of what was written waits for the client."""
        # As if it were over, until there is one.
        self._ending: asyncio.TimerHandle | bool = True
        self._drained: asyncio.Future[None] | None = None

    def take_over(self, transport: asyncio.Transport, connections: MutableSet[Any]) -> None:
        """connections: those that the server waits for when it stops. It calls `shutdown` of each."""
        if transport.is_closing():
            return
        self._ending = False
        self.transport, self._connections = transport, connections
        connections.add(self)
        kernel: socket.socket = transport.get_extra_info("socket")
        kernel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL_BUFFER)
        transport.set_write_buffer_limits(_HIGH_WATER, _LOW_WATER)
        transport.set_protocol(self)
        transport.resume_reading()
        self.opened()

    @abstractmethod
    def opened(self) -> None: ...

    @abstractmethod
    def gone(self) -> None:
        """Nobody will hear anything more. Called once."""

    @abstractmethod
    def give_up(self) -> None:
        """The client does not read."""

    @abstractmethod
    def shutdown(self) -> None:
        """The server stops."""

    def write(self, data: bytes) -> None:
        if self._ending:
            return
        if self.is_behind and self.unsent_bytes > MOST_UNSENT_BYTES:
            self.give_up()
        else:
            self.transport.write(data)

    @property
    def unsent_bytes(self) -> int:
        return 0 if self._ending else self.transport.get_write_buffer_size()

    async def drained(self) -> None:
        """Waits until most of what was written is on its way, or nobody will hear it any more."""
        if self.is_behind and not self._ending:
            self._drained = self._drained or asyncio.get_running_loop().create_future()
            await asyncio.shield(self._drained)

    def end(self, last: bytes, linger_s: float = LINGER_S) -> None:
        """Writes the last words and hangs up after a while, whether they were read or not."""
        if self._ending:
            return
        self.transport.write(last)
        self._ending = asyncio.get_running_loop().call_later(linger_s, self._hang_up)
        self._wake()
        self.gone()

    def abort(self) -> None:
        self.transport.abort()

    def pause_writing(self) -> None:
        self.is_behind = True

    def resume_writing(self) -> None:
        self.is_behind = False
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        if isinstance(self._ending, asyncio.TimerHandle):
            self._ending.cancel()
        if not self._ending:
            self._ending = True
            self._wake()
            self.gone()

    def _wake(self) -> None:
        if self._drained is not None:
            self._drained.set_result(None)
            self._drained = None

    def _hang_up(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()
