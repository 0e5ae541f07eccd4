"""One line for each operation, whichever way it came."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from fleet_api.shared.domain.permission import Role
from tests.graphql.seen.conftest import INVITE, KARI, PERSONAL, Served
from tests.support.raw import raw
from tests.support.sockets import opened, receive, send
from tests.support.world import World

_FIELDS = {
    *("event", "name", "type", "outcome", "cost", "statements", "duration_ms", "principal", "role", "provider"),
    *("transport", "request_id", "level", "timestamp"),
}


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> "Written":
    return Written(capsys)


class Written:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.text = ""

    def lines(self) -> list[dict[str, Any]]:
        self.text += self._capsys.readouterr().err
        return [json.loads(line) for line in self.text.splitlines() if line.startswith("{")]

    def _of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["event"] == event]

    async def operations(self, count: int = 1) -> list[dict[str, Any]]:
        async with asyncio.timeout(10):
            while len(found := self._of("operation")) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert len(found) == count
        return found


async def test_requests_that_come_at_once_keep_their_lines_apart(
    served: Served, world: World, written: Written
) -> None:
    north = await world.provider()
    asked = served.api.as_role(Role.DISPATCHER, north.id)
    written.lines()
    documents = ["query Nothing { __typename }", "query Some { vehicles(first: 1) { totalCount } }"]
    bodies = [json.dumps({"query": documents[number % 2]}) for number in range(24)]
    ids = [f"pipelined-{number:04d}" for number in range(24)]
    head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Bearer {asked.token}\r\n"
    requests = [
        f"{head}X-Request-Id: {id}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        for id, body in zip(ids, bodies, strict=True)
    ]
    async with raw(served.url.removeprefix("http://")) as client:
        await client.send("".join(requests).encode())
        assert [(await client.reply()).headers["x-request-id"] for _ in ids] == ids
    lines = await written.operations(24)
    assert [line["request_id"] for line in lines] == ids
    assert {line["statements"] for line in lines[::2]} == {0}
    assert all(line["statements"] for line in lines[1::2])


async def test_a_request_with_an_operation_is_one_line(served: Served, world: World, written: Written) -> None:
    north = await world.provider()
    asked = served.api.as_role(Role.DISPATCHER, north.id, subject="anna")
    written.lines()
    await asked.execute("query FleetMap { vehicles(first: 1) { totalCount } }", x_request_id="request-0001")
    await asked.client.post("/graphql", content=b"nothing")
    (line,) = await written.operations()
    assert set(line) == {*_FIELDS, "path", "status"}
    assert [line[name] for name in ("name", "type", "outcome", "level")] == ["FleetMap", "query", "ok", "info"]
    assert [line[name] for name in ("principal", "role", "provider")] == ["anna", "dispatcher", str(north.id)]
    assert [line[name] for name in ("transport", "status", "request_id")] == ["http", 200, "request-0001"]
    assert line["statements"] >= 1
    assert 0 < line["duration_ms"] < 10_000
    (other,) = [line for line in written.lines() if line["event"] == "request"]
    assert (other["status"], other["path"], "name" in other) == (415, "/graphql", False)


async def test_no_line_holds_a_value_a_document_or_a_token(served: Served, world: World, written: Written) -> None:
    north = await world.provider()
    asked = served.api.as_role(Role.DISPATCHER, north.id)
    for _ in range(2):  # done, and refused
        await asked.execute(INVITE, {"i": KARI})
    await asked.execute('query Named { drivers(filter: {search: "Kari Nordmann"}) { totalCount } }')
    await asked.execute('query Broken { drivers(filter: {nothing: "Kari Nordmann"}) }')
    await asked.execute(INVITE, {"i": KARI | {"licenceClasses": 7}})
    lines = await written.operations(5)
    assert [line.get("codes") for line in lines[:2]] == [None, ["EMAIL_TAKEN"]]
    assert [line["outcome"] for line in lines[:2]] == ["ok", "refused"]
    assert [(line["name"], line["outcome"]) for line in lines[3:]] == [(None, "invalid"), ("Invite", "invalid")]
    for value in [*PERSONAL, "L1234", "inviteDriver", "totalCount", str(asked.token)]:
        assert value not in written.text, value


async def test_operations_of_a_socket_and_of_a_stream(served: Served, world: World, written: Written) -> None:
    north = await world.provider()
    asked = served.api.as_role(Role.DISPATCHER, north.id, subject="anna")
    document = "subscription Moves { driverStatusChanged { __typename } }"
    async with opened(served.address, asked) as socket:
        await send(socket, type="subscribe", id="1", payload={"query": "query One { __typename }"})
        await receive(socket)
        (line,) = await written.operations()
        assert set(line) == _FIELDS
        assert [line[name] for name in ("name", "transport", "principal")] == ["One", "ws", "anna"]
        await send(socket, type="subscribe", id="2", payload={"query": document})
        _, line = await written.operations(2)
        assert [line[name] for name in ("name", "type", "outcome")] == ["Moves", "subscription", "ok"]
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {asked.token}"}
    async with (
        httpx.AsyncClient() as client,
        client.stream("POST", f"{served.url}/graphql", json={"query": document}, headers=headers),
    ):
        line = (await written.operations(3))[-1]
        assert [line[name] for name in ("name", "transport", "outcome")] == ["Moves", "sse", "ok"]


async def test_what_is_our_fault_is_a_warning(
    served: Served, world: World, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that is gone: no use case can work."""
    north = await world.provider()
    async with world.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE vehicles RENAME TO vehicles_gone"))
    answer = await served.api.as_role(Role.DISPATCHER, north.id).execute("query Q { vehicles { totalCount } }")
    assert answer.codes == ["INTERNAL_ERROR"]
    (line,) = await written.operations()
    assert (line["level"], line["outcome"], line["codes"]) == ("warning", "failed", ["INTERNAL_ERROR"])
    assert await served.value("fleet_operations_total", name="Q", type="query", outcome="failed") == 1


async def test_who_leaves_before_the_answer(served: Served, world: World, written: Written) -> None:
    """A socket that is closed cancels what it asked for."""
    north = await world.provider()
    async with (
        opened(served.address, served.api.as_role(Role.DISPATCHER, north.id)) as socket,
        world.engine.begin() as connection,
    ):
        await connection.execute(text("LOCK TABLE vehicles"))
        await send(socket, type="subscribe", id="1", payload={"query": "query Left { vehicles { totalCount } }"})
        await send(socket, type="ping")
        await receive(socket)  # it was heard
        await send(socket, type="complete", id="1")
        (line,) = await written.operations()
    assert (line["name"], line["outcome"], line["level"]) == ("Left", "cancelled", "info")
