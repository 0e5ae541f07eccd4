"""Subscriptions as a phone has them: over a real socket, with the cursor of the last event in its pocket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection

from tests.support.api import Api, global_id
from tests.support.sockets import opened, receive, send

FLEET = """subscription($after: String, $kinds: [FleetEventKind!]) { fleetEvents(after: $after, kinds: $kinds) {
  __typename cursor kind sequence occurredAt actor from to
  ... on DriverChanged { driver { id fullName } changed } } }"""


class Follower:
    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.cursor: str | None = None

    async def subscribe(self, document: str = FLEET, **variables: Any) -> None:
        await send(self.socket, id="1", type="subscribe", payload={"query": document, "variables": variables})

    async def event(self) -> Any:
        """The next one."""
        message = await receive(self.socket)
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        (event,) = message["payload"]["data"].values()
        self.cursor = event.get("cursor")
        return event

    async def events(self, count: int) -> list[Any]:
        return [await self.event() for _ in range(count)]

    async def refusal(self) -> str:
        """The code of the error that ends the subscription before it began."""
        message = await receive(self.socket)
        assert message["type"] == "error", message
        code: str = message["payload"][0]["extensions"]["code"]
        return code

    async def nothing_more(self, asked: Api) -> None:
        """Whatever was on its way has come before the answer to this."""
        await send(self.socket, id="2", type="subscribe", payload={"query": "{ __typename }"})
        assert (await receive(self.socket))["id"] == "2"
        await receive(self.socket)


@asynccontextmanager
async def following(address: str, viewer: Api, document: str = FLEET, **variables: Any) -> AsyncIterator[Follower]:
    """Once the server knows of the subscription."""
    async with opened(address, viewer) as socket:
        follower = Follower(socket)
        await follower.subscribe(document, **variables)
        # Its answer comes after the subscription's start.
        await follower.nothing_more(viewer) if "after" not in variables else None
        yield follower


async def cursor_now(viewer: Api) -> str:
    cursor: str = (await viewer.data("{ eventCursor }"))["eventCursor"]
    return cursor


def places(events: list[Any]) -> list[int]:
    """Of events among those of their subject."""
    return [event["sequence"] for event in events]


async def rename(asked: Api, driver_id: object, *names: str) -> None:
    """One DRIVER_UPDATED for each name."""
    document = "mutation($i: UpdateDriverInput!) { updateDriver(input: $i) { ... on Driver { id } } }"
    for name in names:
        answer = await asked.data(document, {"i": {"driverId": global_id("Driver", driver_id), "fullName": name}})
        assert answer["updateDriver"].get("id"), answer
