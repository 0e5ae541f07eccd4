"""Whether drivers who hold a token may still use it: a suspended one loses requests and sockets within a second."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from fleet_api.drivers.domain.session_repository import Standing
from fleet_api.drivers.infrastructure.drivers_depends import find_fallen_sessions_depends
from fleet_api.shared.domain.clock import utc_now
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.deadline import within
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork

_ROUND_SECONDS = 0.5
_PATIENCE_S = 0.9
_REMEMBERED = 10_000


@dataclass(eq=False)
class Socket:
    """An open socket of a viewer, how to end it, and the task that serves it."""

    viewer: Viewer
    close: Callable[[], Awaitable[None]]
    serving: "asyncio.Task[Any]"


class StandingWatch:
    """Asks once per driver and half second for requests, and with one statement a round for all sockets together."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work
        self._sockets: set[Socket] = set()
        self._endings: set[asyncio.Task[None]] = set()
        self._asked: dict[Standing, tuple[float, bool]] = {}

    async def stands(self, viewer: Viewer) -> bool:
        """True for every viewer who is no driver. When nobody can be asked, the use case itself will say so."""
        standing = _standing(viewer)
        if standing is None:
            return True
        at, stood = self._asked.get(standing, (0.0, True))
        if monotonic() - at < _ROUND_SECONDS:
            return stood
        stood = standing not in await self._fallen([standing])
        if len(self._asked) >= _REMEMBERED:
            self._asked.clear()
        self._asked[standing] = monotonic(), stood
        return stood

    def add(self, socket: Socket) -> None:
        self._sockets.add(socket)

    def remove(self, socket: Socket) -> None:
        self._sockets.discard(socket)

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_ROUND_SECONDS)
            await self._end([socket for socket in self._sockets if expired(socket.viewer, utc_now())])
            standings = {_standing(socket.viewer) for socket in self._sockets} - {None}
            fallen = await self._fallen([standing for standing in standings if standing])
            await self._end([socket for socket in self._sockets if _standing(socket.viewer) in fallen])

    async def _end(self, sockets: Iterable[Socket]) -> None:
        for socket in sockets:
            self.remove(socket)
            # Each on its own: a client that does not read would hold up the others' ends.
            ending = asyncio.create_task(_close(socket))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    async def _fallen(self, standings: Sequence[Standing]) -> Collection[Standing]:
        """Nobody while the database cannot say: whoever fell meanwhile ends with the round after."""
        if not standings:
            return ()
        try:
            asked = self._unit_of_work.read(find_fallen_sessions_depends, standings, Viewer.system())
            output = await within(_PATIENCE_S, asked)
        except TimeoutError:
            return ()
        return () if isinstance(output, OutputErrorContext) else set(output.data)


async def _close(socket: Socket) -> None:
    """Politely, or within a second by ending what serves it."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await socket.close()
    except Exception:  # it may be gone already, or its client may not read
        socket.serving.cancel()


def _standing(viewer: Viewer) -> Standing | None:
    return Standing(viewer.driver_id, viewer.session_id) if viewer.driver_id else None


def expired(viewer: Viewer, now: datetime) -> bool:
    return viewer.expires_at is not None and viewer.expires_at <= now
