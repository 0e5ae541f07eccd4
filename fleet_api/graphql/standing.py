"""Whether drivers who hold a token may still use it: a suspended one loses requests and sockets within a second."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from fleet_api.drivers.domain.session_repository import Standing
from fleet_api.drivers.infrastructure.drivers_depends import find_fallen_sessions_depends
from fleet_api.shared.domain.clock import utc_now
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork

_ROUND_SECONDS = 0.5
_REMEMBERED = 10_000


@dataclass(eq=False)
class Socket:
    """An open socket of a viewer, and how to end it."""

    viewer: Viewer
    close: Callable[[], Awaitable[None]]


class StandingWatch:
    """Asks once per driver and half second for requests, and with one statement a round for all sockets together."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work
        self._sockets: set[Socket] = set()
        self._asked: dict[Standing, tuple[float, bool]] = {}

    async def stands(self, viewer: Viewer) -> bool:
        """True for every viewer who is no driver. When nobody can be asked, the use case itself will say so."""
        if viewer.driver_id is None:
            return True
        standing = Standing(viewer.driver_id, viewer.session_id)
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
            sockets = list(self._sockets)
            ended = [socket for socket in sockets if _expired(socket.viewer, utc_now())]
            drivers = {Standing(s.viewer.driver_id, s.viewer.session_id): s for s in sockets if s.viewer.driver_id}
            fallen = set(await self._fallen(drivers)) if drivers else set()
            ended += [
                s for s in sockets if s.viewer.driver_id and Standing(s.viewer.driver_id, s.viewer.session_id) in fallen
            ]
            for socket in ended:
                self.remove(socket)
                with contextlib.suppress(Exception):  # it may be gone already
                    await socket.close()

    async def _fallen(self, standings: Iterable[Standing]) -> Iterable[Standing]:
        output = await self._unit_of_work.read(find_fallen_sessions_depends, list(standings), Viewer.system())
        return [] if isinstance(output, OutputErrorContext) else output.data


def _expired(viewer: Viewer, now: datetime) -> bool:
    return viewer.expires_at is not None and viewer.expires_at <= now
