"""HTTP for strangers: nobody is waited for in vain, and who is refused is told so in JSON.

The refusal comes after the answers to what was asked before on the same connection, and ends it: what follows cannot be
told apart from what was refused."""

import asyncio
from typing import TYPE_CHECKING, Any

import structlog
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.server import ServerState

from fleet_api.graphql.transport.refusals import CROWDED, WireRefusal
from fleet_api.graphql.transport.strict_http import BODY, HEAD, StrictHttp

if TYPE_CHECKING:
    from fleet_api.graphql.transport.door import Door
    from fleet_api.graphql.transport.waiting import Line

# What a reader takes in the time of the setting, or is given up: a phone behind the last hill reads faster.
_SLOWEST_READ = 32 * 1024

_log = structlog.get_logger(__name__)


class GuardedHttp(StrictHttp):
    def __init__(
        self,
        door: "Door",
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        super().__init__(door.bounds, config, server_state, app_state, loop)
        self._door = door
        self._line: Line[GuardedHttp] | None = None
        """Where it stands while we wait for its client."""
        self._is_deaf = False
        """Whatever else comes is dropped."""
        self._unsent = self._body_of = 0

    # What the network tells

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._door.admits_another(len(self.connections)):
            self._wait(self._door.heads)
        else:
            self._say_goodbye(CROWDED)

    def data_received(self, data: bytes) -> None:
        if not self._is_deaf:
            self.feed(data)
            self._settle()

    def connection_lost(self, exc: Exception | None) -> None:
        self.leave()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unsent = self.transport.get_write_buffer_size()
        self._door.wait(self._door.unread, self, self.loop)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._door.unread.since.pop(self, None)

    # What the application tells

    def on_response_complete(self) -> None:
        """As uvicorn does it, without a timer for each request."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._is_deaf or self._never_told_to_continue:
            self._say_goodbye(self._why)
        self._settle()

    @property
    def _never_told_to_continue(self) -> bool:
        """Nobody knows whether the body will still come."""
        return self.stage == BODY and self.expect_100_continue and not self._length

    # What time tells

    def head_is_late(self) -> None:
        if self.scope is None:  # a browser that came early, and has nothing to ask yet
            self.drop()
        else:
            self.refuse(self._bounds.refusals.late_headers)

    def body_is_late(self) -> None:
        self.refuse(self._bounds.refusals.late_body)

    def reader_is_late(self) -> None:
        unsent = self.transport.get_write_buffer_size()
        if self._unsent - unsent < _SLOWEST_READ:
            self.transport.abort()
        else:
            self._unsent = unsent
            self._door.wait(self._door.unread, self, self.loop)

    def drop(self) -> None:
        """Without a word."""
        self._wait(None)
        self._is_deaf = True
        self.transport.abort()

    # How it ends

    def refuse(self, why: WireRefusal) -> None:
        self._is_deaf, self._why = True, why
        self._wait(None)
        if self.stage == BODY and self.pipeline:
            self.pipeline.popleft()  # itself; what was asked before is under way
        elif self.stage == BODY and not self.cycle.response_complete:
            self._break_off(self.cycle, why)
        elif self.cycle is None or self.cycle.response_complete:
            self._say_goodbye(None if self.stage == BODY else why)

    def _break_off(self, cycle: RequestResponseCycle, why: WireRefusal) -> None:
        cycle.disconnected = True
        cycle.message_event.set()
        if cycle.response_started:
            self.transport.abort()
        else:
            self._say_goodbye(why)

    def _say_goodbye(self, last: WireRefusal | None) -> None:
        """Ends our side, and reads on for a moment: else the network would tell the client of a broken connection, and
        not what we said."""
        self._is_deaf = True
        self.connections.discard(self)
        self._wait(None)
        if self.transport.is_closing():
            return
        if last is not None:
            _log.info("refused", status=last.status, code=last.code)
            self.transport.write(last.answer(self.server_state.default_headers, self.parser.get_method()))
        if self._door.has_room_to_linger and self.transport.can_write_eof():
            self.flow.resume_reading()
            self.transport.write_eof()
            self._wait(self._door.leaving)
        else:
            self.transport.close()

    def turn_deaf(self) -> None:
        self._is_deaf = True
        self.flow.pause_reading()
        self.leave()

    def leave(self) -> None:
        """We wait for its client no longer."""
        self._wait(None)
        self._door.unread.since.pop(self, None)

    # Where it stands

    def _settle(self) -> None:
        if self._is_deaf:
            return
        stage, door = self.stage, self._door
        if self.pipeline:
            line = None  # it is we who do not read
        elif stage == BODY:
            line = door.bodies
            if self._body_of != self.number:  # each has the time for itself
                self._body_of = self.number
                self._wait(None)
        elif self.cycle is not None and not self.cycle.response_complete:
            line = None
        else:
            line = door.heads if stage == HEAD else door.idle
        if line is not self._line:
            self._wait(line)

    def _wait(self, line: "Line[GuardedHttp] | None") -> None:
        if self._line is not None:
            self._line.since.pop(self, None)
        self._line = line
        if line is not None:
            self._door.wait(line, self, self.loop)
