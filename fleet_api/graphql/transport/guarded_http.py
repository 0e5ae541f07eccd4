"""uvicorn's HTTP, for strangers: bounded in bytes and in time, and strict about where a request begins and ends.

What its parser lets through is looked at here. What is refused is told in JSON, after the answers to what was asked
before on the same connection, and ends the connection: what follows cannot be told apart from what was refused.
"""

import asyncio
import re
from typing import TYPE_CHECKING, Any, NoReturn

import httptools
import structlog
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from fleet_api.graphql.transport.refusals import AMBIGUOUS, CROWDED, IMPATIENT, MALFORMED, NO_HOST, WireRefusal

if TYPE_CHECKING:
    from fleet_api.graphql.transport.door import Door
    from fleet_api.graphql.transport.waiting import Line

_HEAD, _BODY, _WHOLE = range(3)
_LOOKED_AT = frozenset({b"host", b"content-length", b"transfer-encoding", b"expect"})
_HOST = re.compile(rb"[A-Za-z0-9._~%!$&'()*+,;=:\[\]-]+")
# What a reader takes in the time of the setting, or is given up: a phone behind the last hill reads faster.
_SLOWEST_READ = 32 * 1024
_MOST_PIPELINED = 32

_log = structlog.get_logger(__name__)


class _Refused(Exception):
    """The parser stops here."""


class GuardedHttp(HttpToolsProtocol):
    def __init__(
        self,
        door: "Door",
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        super().__init__(config, server_state, app_state, loop)
        self.url, self.headers = b"", []
        self._segment = 0
        self._door, self._settings = door, door.settings
        self._line: Line[GuardedHttp] | None = None
        """Where it stands while we wait for its client."""
        self._is_deaf = False
        """Whatever else comes is dropped."""
        self._why: WireRefusal | None = None
        self._stage = _HEAD
        self._host: bytes | None = None
        self._is_chunked = self._is_in_parts = False
        self._length = self._quiet = self._unsent = 0

    # What the network tells

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._door.admits_another(len(self.connections)):
            self._wait(self._door.heads)
        else:
            self._say_goodbye(CROWDED)

    def data_received(self, data: bytes) -> None:
        if self._is_deaf:
            return
        self._segment = len(data)
        seen = self._seen() if self._stage != _WHOLE else None
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade(is_last=upgrade.args[0] == len(data))
        except httptools.HttpParserError:
            self.refuse(self._why or MALFORMED)
        else:
            if self._stage != _WHOLE:
                self._bound_parts(seen)
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

    # What the parser tells

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._stage, self._host, self._length = _HEAD, None, 0
        self._is_chunked = self._is_in_parts = False
        if self._line is self._door.bodies:
            self._wait(None)

    def on_url(self, url: bytes) -> None:
        self.url += url
        if len(self.url) > self._settings.max_url_bytes:
            self._stop(self._door.refusals.long_url)

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name in _LOOKED_AT:
            self._look_at(name, value)
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._check_head()
        super().on_headers_complete()
        self._stage = _BODY

    def on_body(self, body: bytes) -> None:
        self._length += len(body)
        if self._length > self._settings.max_body_bytes:
            self._stop(self._door.refusals.long_body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._stage = _WHOLE
        super().on_message_complete()

    def _look_at(self, name: bytes, value: bytes) -> None:
        if name == b"host":
            if self._host is not None or not _HOST.fullmatch(value):
                self._stop(NO_HOST)
            self._host = value.lower()
        elif name == b"content-length":
            if int(value) > self._settings.max_body_bytes:
                self._stop(self._door.refusals.long_body)
        elif name == b"transfer-encoding":
            # Of several codings, the parser would undo the last alone; in HTTP/1.0 there are none.
            if value.lower() != b"chunked" or self.parser.get_http_version() != "1.1":
                self._stop(AMBIGUOUS)
            self._is_chunked = True
        elif name == b"expect" and self.parser.get_http_version() == "1.1":
            self.expect_100_continue = value.lower() == b"100-continue"

    def _check_head(self) -> None:
        version, url = self.parser.get_http_version(), self.url
        if version not in {"1.0", "1.1"}:
            self._stop(MALFORMED)
        if self._host is None and version == "1.1":
            self._stop(NO_HOST)
        if not url.startswith(b"/") and url.lower().partition(b"://")[2].partition(b"/")[0] != self._host:
            self._stop(MALFORMED)  # to a proxy, or of another host
        if why := self._too_much():
            self._stop(why)
        if self.parser.should_upgrade() and _has_body(self.headers):
            self._stop(MALFORMED)  # the parser would take the body for another request
        if len(self.pipeline) >= _MOST_PIPELINED:
            self._stop(IMPATIENT)
        if self._is_chunked:
            # Trailers come as headers too, and would reach an application that has begun.
            self.headers = self.headers.copy()

    def _too_much(self) -> WireRefusal | None:
        if len(self.headers) > self._settings.max_headers:
            return self._door.refusals.many_headers
        most = self._settings.max_header_bytes
        may_be_long = self._is_in_parts or self._segment > most
        return self._door.refusals.long_headers if may_be_long and _size_of(self.headers) > most else None

    def _stop(self, why: WireRefusal) -> NoReturn:
        self._why = why
        raise _Refused

    def _seen(self) -> object:
        return self.scope, len(self.url), len(self.headers), self._length

    def _bound_parts(self, seen: object) -> None:
        """What is not complete yet. The parser says nothing of a header before its end, nor of what is in no header and
        in no body, such as empty lines and extensions of chunks."""
        self._is_in_parts = True
        self._quiet = self._quiet + self._segment if seen == self._seen() else 0
        too_much = self._door.refusals.long_headers if self._quiet > self._settings.max_header_bytes else None
        if why := too_much or self._too_much():
            self.refuse(why)

    def _upgrade(self, *, is_last: bool) -> None:
        if not is_last:  # who speaks on before we agreed
            self.refuse(MALFORMED)
        elif self._should_upgrade():
            self.handle_websocket_upgrade()
        else:  # such as HTTP/2, to which nobody has to agree; but the parser would drop what follows
            self.cycle.keep_alive = False
            self._is_deaf = True

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
        return self._stage == _BODY and self.expect_100_continue and not self._length

    # What time tells

    def head_is_late(self) -> None:
        if self.scope is None:  # a browser that came early, and has nothing to ask yet
            self.drop()
        else:
            self.refuse(self._door.refusals.late_headers)

    def body_is_late(self) -> None:
        self.refuse(self._door.refusals.late_body)

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
        if self._stage == _BODY and self.pipeline:
            self.pipeline.popleft()  # itself; what was asked before is under way
        elif self._stage == _BODY and not self.cycle.response_complete:
            self._break_off(self.cycle, why)
        elif self.cycle is None or self.cycle.response_complete:
            self._say_goodbye(None if self._stage == _BODY else why)

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
        """Hears nothing more: what the client says waits, on its side of the network."""
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
        is_answered = self.cycle is None or self.cycle.response_complete
        if self.pipeline:
            line = None  # it is we who do not read
        elif self._stage == _BODY:
            line = self._door.bodies
        elif not is_answered:
            line = None
        else:
            line = self._door.heads if self._stage == _HEAD else self._door.idle
        if line is not self._line:
            self._wait(line)

    def _wait(self, line: "Line[GuardedHttp] | None") -> None:
        if self._line is not None:
            self._line.since.pop(self, None)
        self._line = line
        if line is not None:
            self._door.wait(line, self, self.loop)


def _size_of(headers: list[tuple[bytes, bytes]]) -> int:
    """As they came: with a colon, a space and the end of the line."""
    return sum(len(name) + len(value) + 4 for name, value in headers)


def _has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in headers)
