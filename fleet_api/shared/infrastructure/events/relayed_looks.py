"""Of all processes of a database one looks at PostgreSQL, and tells the others what it found. Whoever hears nobody
looks for itself, so that a relay that fails costs statements, but no event."""

import asyncio
import math
import time
from typing import TYPE_CHECKING

import asyncpg

from fleet_api.shared.infrastructure.background import for_ever, set_within
from fleet_api.shared.infrastructure.events.connected import connected
from fleet_api.shared.infrastructure.events.postgres_looks import POLL_S, Looking
from fleet_api.shared.infrastructure.events.tail import Look, Tail

if TYPE_CHECKING:
    from fleet_api.shared.infrastructure.events.relay import Relay

# Whoever looks for all does so at once when somebody rings, and every `POLL_S`.
_ANSWER_S = 0.1
_SILENCE_S = 1.0
# What is older was held up on its way, or comes from a machine whose clock is wrong.
_LATE_S = 1.0

_LOCK = 4_711_004
_DATABASE = """
SELECT system_identifier || ':' || pg_database.oid FROM pg_control_system(), pg_database
WHERE datname = current_database()
"""
# A machine that lost its power does not keep the lock for hours.
_END_SOON = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3"


class RelayedLooks:
    """Of one process among several. Only who is on NATS holds the lock, and who holds it looks for all.

    leads: whether it is this one.
    """

    def __init__(self, url: str, tail: Tail, relay: "Relay") -> None:
        self._url = url
        self._tail = tail
        self._relay = relay
        self._stirred = asyncio.Event()
        self.leads = False
        self._is_behind = True
        self._heard_at = -math.inf
        self._unanswered_since = math.inf
        tail.on_awaited = self._hurry

    def ring(self) -> None:
        """Something may have been told: whoever looks for all should tell us at once."""
        if self.leads or not self.hears():
            self._stirred.set()
        elif self._unanswered_since == math.inf:
            loop = asyncio.get_running_loop()
            self._unanswered_since = loop.time()
            loop.call_later(_ANSWER_S, self._stirred.set)

    def hears(self) -> bool:
        """Whether somebody looks for all, and tells us in time."""
        now = asyncio.get_running_loop().time()
        return (
            self._relay.is_connected and now - self._heard_at < _SILENCE_S and now - self._unanswered_since < _ANSWER_S
        )

    async def run(self) -> None:
        """For ever. A connection that is lost is made again, and nothing is lost with it."""
        await for_ever(self._follow, "tail")

    async def _follow(self) -> None:
        self.leads, self._is_behind = False, True
        async with connected(self._url, "fleet-api tail") as connection:
            await connection.execute(_END_SOON)
            looking = Looking(connection, self._tail)
            async with self._relay.joined(await connection.fetchval(_DATABASE), self._heard):
                while True:
                    self._stirred.clear()  # before: what is told from now on stirs us again
                    await self._settle_who_leads(connection)
                    await self._turn(looking)
                    await set_within(self._stirred, POLL_S)

    async def _settle_who_leads(self, connection: asyncpg.Connection) -> None:
        if self.leads and not self._relay.is_connected:
            self.leads = False
            await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
        elif not self.leads and self._relay.is_connected and not self.hears():
            self.leads = await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK)

    async def _turn(self, looking: Looking) -> None:
        if self.leads:
            await self._relay.send(await looking.look())
        elif self._is_behind or not self.hears():
            self._is_behind, self._unanswered_since = False, math.inf
            await looking.look()

    def _heard(self, found: Look) -> None:
        if abs(time.time() - found.at) < _LATE_S:
            self._heard_at, self._unanswered_since = asyncio.get_running_loop().time(), math.inf
        if not self._tail.take(found):
            self._hurry()

    def _hurry(self) -> None:
        """Looks now, whoever else does."""
        self._is_behind = True
        self._stirred.set()
