"""Tells all processes that something was told, or that vehicles moved: after the commit and on a connection of its own,
since a NOTIFY inside the transaction makes all writers queue for one lock."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterator, Mapping
from uuid import UUID

import asyncpg

from fleet_api.shared.infrastructure.background import for_ever
from fleet_api.shared.infrastructure.events.connected import connected

_TOLD, _MOVED = "fleet_told", "fleet_moved"
_BETWEEN_S = 0.002
# A payload is shorter than 8,000 bytes: a provider, and so many vehicles of 16 bytes each in base64.
_VEHICLES = 350

Moved = Mapping[UUID, Collection[UUID]]
"""By provider, vehicles whose latest position changed."""


class Doorbell:
    """One connection listens and rings. Rings that come while it is busy leave as one.

    on_told, on_moved: called for what any process rings, this one included. on_missed: called when rings may have been
    lost.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self.on_told: Callable[[], None] = _nobody_hears
        self.on_moved: Callable[[Moved], None] = _nobody_hears
        self.on_missed: Callable[[], None] = _nobody_hears
        self._told = False
        self._moved: dict[UUID, set[UUID]] = {}
        self._rung = asyncio.Event()

    def ring(self, *, told: bool, moved: Moved) -> None:
        """Without waiting. Here it is heard at once."""
        if told:
            self._told = True
            self.on_told()
        if moved:
            for provider, vehicles in moved.items():
                self._moved.setdefault(provider, set()).update(vehicles)
            self.on_moved(moved)
        if told or moved:
            self._rung.set()

    async def run(self) -> None:
        """For ever. A connection that is lost is made again."""
        await for_ever(self._listen, "doorbell")

    async def _listen(self) -> None:
        async with connected(self._url, "fleet-api doorbell") as connection:
            await self._serve(connection)

    async def _serve(self, connection: asyncpg.Connection) -> None:
        # The driver says nothing when a connection that only listens dies, but for this.
        connection.add_termination_listener(lambda _: self._rung.set())
        await connection.execute("SET synchronous_commit = off")
        await connection.add_listener(_TOLD, self._heard_told)
        await connection.add_listener(_MOVED, self._heard_moved)
        self.on_missed()
        while not connection.is_closed():
            await self._rung.wait()
            self._rung.clear()
            await self._notify(connection)
            await asyncio.sleep(_BETWEEN_S)

    async def _notify(self, connection: asyncpg.Connection) -> None:
        told, self._told = self._told, False
        moved, self._moved = self._moved, {}
        if told:
            await connection.execute(f"NOTIFY {_TOLD}")
        for payload in _payloads(moved):
            await connection.execute("SELECT pg_notify($1, $2)", _MOVED, payload)

    def _heard_told(self, connection: asyncpg.Connection, by: int, *_: object) -> None:
        if by != connection.get_server_pid():
            self.on_told()

    def _heard_moved(self, connection: asyncpg.Connection, by: int, _: str, payload: str) -> None:
        if by != connection.get_server_pid():
            ids = b64decode(payload)
            provider, *vehicles = (UUID(bytes=ids[at : at + 16]) for at in range(0, len(ids), 16))
            self.on_moved({provider: vehicles})


def _nobody_hears(*_: object) -> None: ...


def _payloads(moved: Moved) -> Iterator[str]:
    for provider, vehicles in moved.items():
        ids = list(vehicles)
        for start in range(0, len(ids), _VEHICLES):
            those = [provider, *ids[start : start + _VEHICLES]]
            yield b64encode(b"".join(id.bytes for id in those)).decode()
