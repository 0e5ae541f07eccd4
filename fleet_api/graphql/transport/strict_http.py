"""uvicorn's HTTP, strict about where a request begins and ends, and bounded in bytes.

What its parser lets through is looked at here; what is refused stops the parser for good."""

import asyncio
import re
import urllib.parse
from abc import abstractmethod
from typing import Any, NoReturn

import httptools
from uvicorn import Config
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from fleet_api.graphql.transport.byte_bounds import ByteBounds
from fleet_api.graphql.transport.cycle import Cycle
from fleet_api.graphql.transport.refusals import (
    AMBIGUOUS,
    IMPATIENT,
    MALFORMED,
    NO_HOST,
    WireRefusal,
)

HEAD, BODY, WHOLE = range(3)
_LOOKED_AT = frozenset({b"host", b"content-length", b"transfer-encoding", b"expect"})
_HOST = re.compile(rb"[A-Za-z0-9._~%!$&'()*+,;=:\[\]-]+")
_VERSIONS = frozenset({"1.0", "1.1"})
_SLASH = ord("/")
_MOST_PIPELINED = 32


class _Refused(Exception):
    """The parser stops here."""


class StrictHttp(HttpToolsProtocol):
    """stage, number: of the newest request."""

    def __init__(
        self,
        bounds: ByteBounds,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        super().__init__(config, server_state, app_state, loop)
        self.url, self.headers = b"", []
        self.stage, self.number = HEAD, 0
        self._bounds = bounds
        self._why: WireRefusal | None = None
        self._host: bytes | None = None
        self._known_host: bytes | None = None
        self._known_url: bytes | None = None
        self._known_place = "", b"", b""
        self._is_chunked = self._is_in_parts = self._is_handshake = False
        self._segment = self._length = self._quiet = 0

    @abstractmethod
    def refuse(self, why: WireRefusal) -> None: ...

    @abstractmethod
    def turn_deaf(self) -> None:
        """Hears nothing more: what the client says waits, on its side of the network."""

    def feed(self, data: bytes) -> None:
        self._segment = len(data)
        seen = self._seen() if self.stage != WHOLE else None
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade(is_last=upgrade.args[0] == len(data))
        except httptools.HttpParserError:
            self.refuse(self._why or MALFORMED)
        else:
            if self.stage != WHOLE:
                self._bound_parts(seen)

    # What the parser tells

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.stage, self._host, self._length = HEAD, None, 0
        self._is_chunked = self._is_in_parts = self._is_handshake = False
        self.number += 1

    def on_url(self, url: bytes) -> None:
        self.url += url
        if len(self.url) > self._bounds.url_bytes:
            self._stop(self._bounds.refusals.long_url)

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name in _LOOKED_AT:
            self._look_at(name, value)
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """As uvicorn does it, which would ask for the version again, and that takes long."""
        version = self.parser.get_http_version()
        self._check_head(version)
        scope = self.scope
        scope["method"] = self.parser.get_method().decode("ascii")
        if version != "1.1":
            scope["http_version"] = version
        self._is_handshake = self.parser.should_upgrade() and self._should_upgrade()
        if not self._is_handshake:
            scope["path"], scope["raw_path"], scope["query_string"] = self._place()
            self._begin(keep_alive=version == "1.1" and self.parser.should_keep_alive())
        self.stage = BODY

    def on_body(self, body: bytes) -> None:
        self._length += len(body)
        if self._length > self._bounds.body_bytes:
            self._stop(self._bounds.refusals.long_body)
        cycle = self.cycle
        if not cycle.response_complete:
            cycle.body += body
            if len(cycle.body) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
            cycle.message_event.set()

    def on_message_complete(self) -> None:
        self.stage = WHOLE
        if not (self._is_handshake or self.cycle.response_complete):
            self.cycle.more_body = False
            self.cycle.message_event.set()

    # What it means

    def _place(self) -> tuple[str, bytes, bytes]:
        """Its path, as text and as it came, and its query. Most ask at the same place as before."""
        if self.url != self._known_url:
            url = httptools.parse_url(self.url)
            path = self.root_path + urllib.parse.unquote(url.path.decode("ascii"))
            self._known_place = path, self.root_path.encode() + url.path, url.query or b""
            self._known_url = self.url
        return self._known_place

    def _begin(self, *, keep_alive: bool) -> None:
        before = self.cycle
        self.cycle = Cycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=keep_alive,
            on_response=self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def _look_at(self, name: bytes, value: bytes) -> None:
        if name == b"host":
            # Most ask for the same as before.
            if self._host is not None or not (value == self._known_host or _HOST.fullmatch(value)):
                self._stop(NO_HOST)
            self._host = self._known_host = value
        elif name == b"content-length":
            if int(value) > self._bounds.body_bytes:
                self._stop(self._bounds.refusals.long_body)
        elif name == b"transfer-encoding":
            # Of several codings, the parser would undo the last alone; in HTTP/1.0 there are none.
            if value.lower() != b"chunked" or self.parser.get_http_version() != "1.1":
                self._stop(AMBIGUOUS)
            self._is_chunked = True
        elif name == b"expect" and self.parser.get_http_version() == "1.1":
            self.expect_100_continue = value.lower() == b"100-continue"

    def _check_head(self, version: str) -> None:
        if version not in _VERSIONS:
            self._stop(MALFORMED)
        if self._host is None and version == "1.1":
            self._stop(NO_HOST)
        if self.url[0] != _SLASH and _authority_of(self.url) != (self._host or b"").lower():
            self._stop(MALFORMED)  # to a proxy, or of another host
        is_much = self._is_in_parts or self._segment > self._bounds.header_bytes
        if (is_much or len(self.headers) > self._bounds.headers) and (why := self._too_much()):
            self._stop(why)
        if self.parser.should_upgrade() and _has_body(self.headers):
            self._stop(MALFORMED)  # the parser would take the body for another request
        if len(self.pipeline) >= _MOST_PIPELINED:
            self._stop(IMPATIENT)
        if self._is_chunked:
            # Trailers come as headers too, and would reach an application that has begun.
            self.headers = self.headers.copy()

    def _too_much(self) -> WireRefusal | None:
        bounds = self._bounds
        if len(self.headers) > bounds.headers:
            return bounds.refusals.many_headers
        return bounds.refusals.long_headers if _size_of(self.headers) > bounds.header_bytes else None

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
        too_much = self._bounds.refusals.long_headers if self._quiet > self._bounds.header_bytes else None
        if why := too_much or self._too_much():
            self.refuse(why)

    def _upgrade(self, *, is_last: bool) -> None:
        if not is_last:  # who speaks on before we agreed
            self.refuse(MALFORMED)
        elif self._should_upgrade():
            self.handle_websocket_upgrade()
        else:  # such as HTTP/2, to which nobody has to agree; but the parser would drop what follows
            self.cycle.keep_alive = False
            self.turn_deaf()


def _authority_of(url: bytes) -> bytes:
    return url.lower().partition(b"://")[2].partition(b"/")[0]


def _size_of(headers: list[tuple[bytes, bytes]]) -> int:
    """As they came: with a colon, a space and the end of the line."""
    return sum(len(name) + len(value) + 4 for name, value in headers)


def _has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in headers)
