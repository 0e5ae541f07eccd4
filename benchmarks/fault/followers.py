"""Those who are told. Each keeps the cursor of the last event that it got, and comes back with it, whatever happens."""

import asyncio
import contextlib
import json
import random
import socket
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import time
from typing import Any
from uuid import UUID

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from benchmarks.fault.apis import Api
from benchmarks.fault.checker import Heard, Mark

_FIELDS = "cursor kind sequence occurredAt actor"
EVERYTHING = f"subscription($after: String) {{ it: fleetEvents(after: $after) {{ {_FIELDS} }} }}"
STATUSES = f"subscription($after: String) {{ it: driverStatusChanged(after: $after) {{ {_FIELDS} }} }}"
# Enough to fill all buffers between us within a second or two.
AMPLE = EVERYTHING.replace("cursor", " ".join(["cursor", *(f"c{number}: cursor" for number in range(60))]))

_PATIENCE_S = 5.0
_SOON_S, _LATER_S = 0.05, 0.8
_LEAVES = 1 / 40
_SMALL_BUFFER = 16 * 1024


@dataclass(frozen=True, slots=True)
class Sees:
    """Which rows of `events` a follower is to be told of, as SQL beside tenancy. $2: the argument."""

    condition: str
    argument: UUID | None = None


class Follower(ABC):
    """home: the process that it asks first. told: all that it got, in order. ends: how its connections ended. soon_s:
    how long it waits before it comes back from where it was told something."""

    soon_s = _SOON_S

    def __init__(self, name: str, sees: Sees, token: str, apis: Sequence[Api], home: int, document: str) -> None:
        self.name = name
        self.sees = sees
        self.told: list[Heard] = []
        self.ends: Counter[str] = Counter()
        self._token = token
        self._apis = apis
        self._turn = home
        self._document = document
        self._cursor = ""
        self._random = random.Random(name)

    async def begin(self) -> None:
        """Where the log ends now is where it goes on from."""
        async with httpx.AsyncClient(headers=self._headers) as client:
            answer = await client.post(self._address("http"), json={"query": "{ eventCursor }"})
        self._cursor = answer.json()["data"]["eventCursor"]

    async def run(self) -> None:
        pause = _SOON_S
        while True:
            heard = len(self.told)
            try:
                await self._follow()
                self.ends["end"] += 1
            except (OSError, WebSocketException, httpx.HTTPError) as error:
                self.ends[_name(error)] += 1
            pause = self.soon_s if len(self.told) > heard else min(max(pause * 2, _SOON_S), _LATER_S)
            await asyncio.sleep(pause * self._random.uniform(0.5, 1))
            self._turn_to_another()

    @abstractmethod
    async def _follow(self) -> None:
        """Until the connection ends."""

    def _turn_to_another(self) -> None:
        self._turn += 1

    def _hear(self, result: dict[str, Any]) -> None:
        if result.get("errors"):
            self.ends[f"error {result['errors'][0].get('extensions', {}).get('code')}"] += 1
            return
        event = result["data"]["it"]
        mark = Mark(event["actor"], datetime.fromisoformat(event["occurredAt"]), event["kind"])
        self.told.append(Heard(mark, event["sequence"], time()))
        self._cursor = event["cursor"]

    def _address(self, scheme: str) -> str:
        return f"{scheme}://127.0.0.1:{self._apis[self._turn % len(self._apis)].port}/graphql"

    @property
    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._token}"}


class SocketFollower(Follower):
    """Over graphql-transport-ws."""

    async def _follow(self) -> None:
        asked = {"query": self._document, "variables": {"after": self._cursor}}
        async with self._connected() as messages:
            await messages.send(_message("connection_init", payload=self._headers))
            async with asyncio.timeout(_PATIENCE_S):
                await messages.recv()
            await messages.send(_message("subscribe", id="1", payload=asked))
            async for message in messages:
                await self._ready()
                read = json.loads(message)
                if read["type"] == "next":
                    self._hear(read["payload"])
                    if self._has_enough():
                        messages.transport.abort()  # goodbyes would wait for what it does not read
                        return
                elif read["type"] == "error":
                    self.ends[f"error {read['payload'][0].get('extensions', {}).get('code')}"] += 1
                    return

    def _connected(self) -> connect:
        return connect(
            self._address("ws"),
            subprotocols=[Subprotocol("graphql-transport-ws")],
            compression=None,
            open_timeout=_PATIENCE_S,
            close_timeout=0.5,
            ping_interval=None,
            sock=self._socket(),
        )

    def _socket(self) -> socket.socket | None:
        return None

    async def _ready(self) -> None:
        """To hear more."""

    def _has_enough(self) -> bool:
        """It leaves, whatever else has come already."""
        return False


class Roamer(SocketFollower):
    """Leaves in the midst of it, and comes back to either process at once."""

    soon_s = 0.0

    def _has_enough(self) -> bool:
        return self._random.random() < _LEAVES

    def _turn_to_another(self) -> None:
        self._turn = self._random.randrange(len(self._apis))


class Phone(SocketFollower):
    """Stops reading when it is told to, with little room for what comes meanwhile."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._reads = asyncio.Event()
        self._reads.set()

    @property
    def closings(self) -> int:
        """How often it was given up for not reading, or found its connection gone after it had not read."""
        return self.ends["4408"] + self.ends["1006"]

    def stop_reading(self) -> None:
        self._reads.clear()

    def read_again(self) -> None:
        self._reads.set()

    def _socket(self) -> socket.socket | None:
        port = self._apis[self._turn % len(self._apis)].port
        own = socket.socket()
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
        try:
            own.connect(("127.0.0.1", port))
        except OSError:
            own.close()
            raise
        own.setblocking(False)
        return own

    async def _ready(self) -> None:
        await self._reads.wait()


class StreamFollower(Follower):
    """Over server-sent events, as a browser does: the same request again and again, with the last id that came."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._last_id = ""
        self._variables: dict[str, str] = {}

    async def begin(self) -> None:
        await super().begin()
        self._variables = {"after": self._cursor}

    async def _follow(self) -> None:
        headers = self._headers | {"accept": "text/event-stream"}
        if self._last_id:
            headers["last-event-id"] = self._last_id
        body = {"query": self._document, "variables": self._variables}
        timeout = httpx.Timeout(_PATIENCE_S, read=None)
        with contextlib.suppress(TimeoutError):
            async with (
                asyncio.timeout(self._random.uniform(1, 4)),
                httpx.AsyncClient(headers=headers, timeout=timeout) as client,
                client.stream("POST", self._address("http"), json=body) as answer,
            ):
                async for event in _events(answer):
                    self._last_id = event.get("id", self._last_id)
                    if event.get("event") == "next":
                        self._hear(json.loads(event["data"]))


async def _events(answer: httpx.Response) -> AsyncIterator[dict[str, str]]:
    """https://html.spec.whatwg.org/multipage/server-sent-events.html, as far as we need it."""
    event: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if not line:
            if event:
                yield event
            event = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            event[name] = value.removeprefix(" ")


def _message(type: str, **more: object) -> str:
    return json.dumps({"type": type, **more})


def _name(error: Exception) -> str:
    if isinstance(error, ConnectionClosed):
        return str(error.rcvd.code if error.rcvd else 1006)
    return type(error).__name__
