"""The limit of the stack at fan-out: an event is encoded once, and each subscriber's frame goes to its transport.

A bare ASGI application on uvicorn. It looks into no document, trusts whoever asks, and forgets no slow client.
"""

import asyncio
import gc
import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from benchmarks.servers.live_feeding import obey

VEHICLES: list[str] = orjson.loads(Path(os.environ["BENCH_VEHICLES"]).read_bytes())
STEM = "c" * int(os.environ["BENCH_STEM_LENGTH"])

_TURN = 64
_STATES = ("MAINTENANCE", "ACTIVE")


class Connection(WebSocketsSansIOProtocol):
    """One that the application can write frames to. behind: those whose clients have not taken what was written."""

    behind: set["Connection"] = set()

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        self.scope["extensions"]["connection"] = {"itself": self}

    def pause_writing(self) -> None:
        super().pause_writing()
        self.behind.add(self)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.behind.discard(self)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.behind.discard(self)


class Subscriber:
    __slots__ = ("_opening", "_write")

    def __init__(self, connection: Connection, id: str) -> None:
        self._opening = b'{"id":"%s","type":"next","payload":' % id.encode()
        self._write = connection.transport.write

    def send(self, payload: bytes) -> None:
        length = len(self._opening) + len(payload) + 1
        head = bytes((0x81, length)) if length < 126 else b"\x81\x7e" + length.to_bytes(2, "big")
        self._write(b"".join((head, self._opening, payload, b"}")))


class Application:
    def __init__(self) -> None:
        self._subscribers: defaultdict[str, set[Subscriber]] = defaultdict(set)
        self._sequences: defaultdict[str, int] = defaultdict(int)
        self._id = 1_000_000

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._serve(scope["extensions"]["connection"]["itself"], receive, send)

    async def _serve(self, connection: Connection, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
        following: list[tuple[str, Subscriber]] = []
        while (message := await receive())["type"] == "websocket.receive":
            asked = orjson.loads(message["text"])
            if asked["type"] == "connection_init":
                await send({"type": "websocket.send", "text": '{"type":"connection_ack"}'})
            elif asked["type"] == "ping":
                await send({"type": "websocket.send", "text": '{"type":"pong"}'})
            elif asked["type"] == "subscribe":
                subscriber = Subscriber(connection, asked["id"])
                following += ((vehicle, subscriber) for vehicle in asked["payload"]["variables"]["ids"])
                for vehicle, subscriber in following:
                    self._subscribers[vehicle].add(subscriber)
        for vehicle, subscriber in following:
            self._subscribers[vehicle].discard(subscriber)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        feeding = asyncio.create_task(obey(self._round))
        await send({"type": "lifespan.startup.complete"})
        gc.collect()
        gc.freeze()
        await receive()
        feeding.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _round(self, subjects: int) -> None:
        for start in range(0, subjects, _TURN):
            for vehicle in VEHICLES[start : min(start + _TURN, subjects)]:
                payload = self._payload(vehicle)
                for subscriber in self._subscribers[vehicle]:
                    subscriber.send(payload)
            await asyncio.sleep(0)
        while Connection.behind:
            await next(iter(Connection.behind)).writable.wait()

    def _payload(self, vehicle: str) -> bytes:
        self._id += 1
        self._sequences[vehicle] = sequence = self._sequences[vehicle] + 1
        event = {
            "cursor": f"{STEM}{self._id}",
            "kind": "VEHICLE_STATUS_CHANGED",
            "sequence": sequence,
            "occurredAt": datetime.now(UTC),
            "from": _STATES[sequence % 2],
            "to": _STATES[(sequence + 1) % 2],
        }
        return orjson.dumps({"data": {"vehicleUpdated": event}})


if __name__ == "__main__":
    uvicorn.run(
        Application(),
        host="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        loop="uvloop",
        ws=Connection,
        ws_per_message_deflate=False,
        backlog=4096,
        access_log=False,
        log_level="warning",
    )
