"""Who may come in, and how long we wait for them: what the connections of one process share."""

import asyncio
from typing import Any, cast

from uvicorn import Config
from uvicorn.server import ServerState

from fleet_api.graphql.transport.byte_bounds import ByteBounds
from fleet_api.graphql.transport.guarded_http import GuardedHttp
from fleet_api.graphql.transport.handover import HandingHttp
from fleet_api.graphql.transport.waiting import Line, Ticker
from fleet_api.settings import Settings

_LINGER_S = 2.0
_MOST_LINGERING = 1_000


class Door:
    """Makes the protocol of each connection. Goes to other processes before it made any."""

    def __init__(self, settings: Settings) -> None:
        self.bounds = ByteBounds.of(settings)
        self._most_connections = settings.connections
        self.heads: Line[GuardedHttp] = Line(settings.header_seconds, GuardedHttp.head_is_late)
        self.bodies: Line[GuardedHttp] = Line(settings.body_seconds, GuardedHttp.body_is_late)
        self.idle: Line[GuardedHttp] = Line(settings.idle_seconds, GuardedHttp.drop)
        self.unread: Line[GuardedHttp] = Line(settings.read_seconds, GuardedHttp.reader_is_late)
        self.leaving: Line[GuardedHttp] = Line(_LINGER_S, GuardedHttp.drop)
        self._ticker = Ticker([self.heads, self.bodies, self.idle, self.unread, self.leaving])

    def __call__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> asyncio.Protocol:
        return HandingHttp(self, config, server_state, app_state, _loop)

    @property
    def protocol(self) -> type[asyncio.Protocol]:
        """As uvicorn takes it: it only ever calls it."""
        return cast(type[asyncio.Protocol], self)

    def wait(self, line: Line[GuardedHttp], connection: GuardedHttp, loop: asyncio.AbstractEventLoop) -> None:
        line.since[connection] = loop.time()
        if not self._ticker.is_running:
            self._ticker.start(loop)

    def admits_another(self, open_connections: int) -> bool:
        """Where all places are taken, whoever keeps us waiting longest gives up theirs: ten thousand half-sent requests
        keep out nobody."""
        if open_connections <= self._most_connections:
            return True
        for line in (self.heads, self.idle):
            longest = next(iter(line.since), None)
            if longest is not None:
                longest.drop()
                return True
        return False

    @property
    def has_room_to_linger(self) -> bool:
        return len(self.leaving.since) < _MOST_LINGERING
