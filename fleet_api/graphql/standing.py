"""Whether who holds a token may still use it: a suspended driver loses requests and subscriptions within a second."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from time import monotonic
from typing import Protocol

from strawberry.dataloader import DataLoader

from fleet_api.drivers.domain.session_repository import Standing
from fleet_api.drivers.infrastructure.drivers_depends import find_fallen_sessions_depends
from fleet_api.graphql.authentication_errors import session_ended, token_expired
from fleet_api.shared.domain.clock import utc_now
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.background import in_the_background
from fleet_api.shared.infrastructure.deadline import within
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork

_ROUND_SECONDS = 0.5
_PATIENCE_S = 0.9
_REMEMBERED = 10_000


class Guest(Protocol):
    """A viewer who stays: an open socket, or a stream of events."""

    viewer: Viewer

    def show_out(self, why: OutputErrorContext) -> None:
        """Ends it. Neither waits nor raises: a client that does not read would hold up the others' ends."""


class StandingWatch:
    """Asks once per driver and half second for requests, and with one statement a round for all guests together."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work
        self._guests: set[Guest] = set()
        self._asked: dict[Standing, tuple[float, bool]] = {}
        self._question = DataLoader(load_fn=self._stand, cache=False)

    async def stands(self, standing: Standing) -> bool:
        """When nobody can be asked, the use case itself will say so."""
        at, stood = self._asked.get(standing, (0.0, True))
        if monotonic() - at < _ROUND_SECONDS:
            return stood
        stood = await self._question.load(standing)
        if len(self._asked) >= _REMEMBERED:
            self._asked.clear()
        self._asked[standing] = monotonic(), stood
        return stood

    async def _stand(self, standings: list[Standing]) -> list[bool]:
        """Of all who come at the same time: a thousand phones that come back ask once."""
        fallen = await self._fallen(standings)
        return [standing not in fallen for standing in standings]

    def add(self, guest: Guest) -> None:
        self._guests.add(guest)

    def remove(self, guest: Guest) -> None:
        self._guests.discard(guest)

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        async with in_the_background(self._watch()):
            yield

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_ROUND_SECONDS)
            now = utc_now()
            self._show_out([guest for guest in self._guests if expired(guest.viewer, now)], token_expired())
            standings = {standing_of(guest.viewer) for guest in self._guests} - {None}
            fallen = await self._fallen([standing for standing in standings if standing])
            if fallen:
                self._show_out(
                    [guest for guest in self._guests if standing_of(guest.viewer) in fallen], session_ended()
                )

    def _show_out(self, guests: Sequence[Guest], why: OutputErrorContext) -> None:
        for guest in guests:
            self.remove(guest)
            guest.show_out(why)

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


def standing_of(viewer: Viewer) -> Standing | None:
    """None for every viewer who is no driver."""
    return Standing(viewer.driver_id, viewer.session_id) if viewer.driver_id else None


def expired(viewer: Viewer, now: datetime) -> bool:
    return viewer.expires_at is not None and viewer.expires_at <= now
