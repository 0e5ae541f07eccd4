"""NATS between the processes of one database: nothing is kept there, and whatever it loses, PostgreSQL has."""

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from fleet_api.shared.infrastructure.background import for_ever, set_within
from fleet_api.shared.infrastructure.events.look_messages import LookMessages
from fleet_api.shared.infrastructure.events.tail import Look

_CONNECT_S = 2
_SEND_S = 0.5
# A server that answers no ping is away, though nobody said so.
_PING_S = 1
_PINGS = 2
_PART_BYTES = 256 * 1024
# What may wait to be sent, and to be read. Of more, followers read the rest from PostgreSQL.
_WAITING_BYTES = 1024 * 1024
_UNREAD_BYTES = 8 * 1024 * 1024

_log = structlog.get_logger(__name__)


class Relay:
    """addresses: nats://… or tls://…, by commas, of servers of one cluster. secret: what all processes of a database
    share, and nobody else on that NATS has."""

    def __init__(self, addresses: str, secret: bytes) -> None:
        self._addresses = addresses.split(",")
        self._secret = secret
        self._messages = LookMessages(secret)
        self._subject = ""
        self._client: Client | None = None
        self._trouble = ""
        self._wondered = False

    @property
    def is_connected(self) -> bool:
        return self._client is not None and self._client.is_connected

    @asynccontextmanager
    async def joined(self, database: str, hear: Callable[[Look], None]) -> AsyncIterator[None]:
        """As soon as may be, and again whenever the connection is lost. database: what tells it from all others. hear:
        is given what other processes found."""
        name = hmac.digest(self._secret, database.encode(), hashlib.sha256)[:16].hex()
        self._subject = f"fleet.events.{name}"
        serving = asyncio.create_task(for_ever(lambda: self._serve(hear), "relay"))
        try:
            yield
        finally:
            while not serving.done():  # the library swallows a cancellation now and then
                serving.cancel()
                await asyncio.wait([serving], timeout=_CONNECT_S)

    async def send(self, look: Look) -> None:
        """To the others, or to nobody while NATS is away or slow: they find out, and lose nothing."""
        client = self._client
        if client is None or not client.is_connected:
            return
        try:
            async with asyncio.timeout(_SEND_S):
                for message in self._messages.written(look, min(_PART_BYTES, client.max_payload // 2)):
                    if client.pending_data_size < _WAITING_BYTES:
                        await client.publish(self._subject, message)
        except (Error, OSError) as error:
            await self._say(error)

    async def _serve(self, hear: Callable[[Look], None]) -> None:
        """Until the connection is lost."""
        client, closed = Client(), asyncio.Event()

        async def heard(message: Msg) -> None:
            look = self._read(message.data)
            if look is not None:
                hear(look)

        async def on_closed() -> None:
            closed.set()

        try:
            await client.connect(
                self._addresses,
                name="fleet-api",
                no_echo=True,
                allow_reconnect=False,  # it gives up for good on some errors, so we have to be the ones who try again
                connect_timeout=_CONNECT_S,
                ping_interval=_PING_S,
                max_outstanding_pings=_PINGS,
                closed_cb=on_closed,
                error_cb=self._say,
            )
            await client.subscribe(self._subject, cb=heard, pending_bytes_limit=_UNREAD_BYTES)
            await client.flush(_CONNECT_S)
            self._client, self._trouble = client, ""
            while not client.is_closed:  # of which it does not always tell
                await set_within(closed, _PING_S)
        except (Error, OSError) as error:
            await self._say(error)
        finally:
            self._client = None
            with contextlib.suppress(Exception):  # a server that hangs takes no farewell
                async with asyncio.timeout(_CONNECT_S):
                    await client.close()

    def _read(self, message: bytes) -> Look | None:
        try:
            return self._messages.read(message)
        except ValueError as error:
            if not self._wondered:
                self._wondered = True
                _log.warning("relay_message_ignored", why=str(error))
            return None

    async def _say(self, error: Exception) -> None:
        """Once. Not its text, which may quote the address, and with it a password."""
        if self._trouble != type(error).__name__:
            self._trouble = type(error).__name__
            _log.warning("relay_troubled", error=self._trouble)
