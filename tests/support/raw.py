"""A client that keeps to no protocol: bytes to a server, and whatever comes back until it hangs up."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

_PATIENCE_S = 10

HELLO = b"GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
QUERY = b'{"query": "{ __typename }"}'


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        code: str = json.loads(self.body)["errors"][0]["extensions"]["code"]
        return code


class Raw:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self._writer = reader, writer

    async def send(self, *parts: bytes) -> None:
        """Each as a segment of its own, as far as anybody can tell the network."""
        for part in parts:
            self._writer.write(part)
            await self._writer.drain()
            await asyncio.sleep(0.005)

    def reading(self, is_reading: bool) -> None:
        transport = self._writer.transport
        assert isinstance(transport, asyncio.Transport)
        (transport.resume_reading if is_reading else transport.pause_reading)()

    async def reply(self) -> Reply:
        """The next. Raises `IncompleteReadError` when the other side hung up instead."""
        async with asyncio.timeout(_PATIENCE_S):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return Reply(int(first.split()[1]), headers, body)

    async def rest(self) -> bytes:
        """All that comes until the other side hangs up."""
        async with asyncio.timeout(_PATIENCE_S):
            return await self.reader.read()

    def vanish(self) -> None:
        self._writer.transport.abort()


@asynccontextmanager
async def raw(place: str) -> AsyncIterator[Raw]:
    """place: host and port."""
    host, _, port = place.rpartition(":")
    client = Raw(*await asyncio.open_connection(host, int(port)))
    try:
        yield client
    finally:
        client.vanish()


async def refused(place: str, *parts: bytes) -> Reply:
    """The last words to whoever sends this."""
    async with raw(place) as client:
        await client.send(*parts)
        reply = await client.reply()
        assert (await client.rest(), reply.headers["connection"]) == (b"", "close")
        assert reply.headers["content-type"] == "application/json; charset=utf-8"
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "server" not in reply.headers
        return reply


async def asked(client: Raw) -> Any:
    """The answer to a query, over a connection that is in order."""
    await client.send(POST + b"Content-Length: %d\r\n\r\n" % len(QUERY) + QUERY)
    reply = await client.reply()
    assert reply.status == 200
    return json.loads(reply.body)


def head(*lines: str, first: str = "POST /graphql HTTP/1.1") -> bytes:
    return "\r\n".join([first, *lines, "", ""]).encode("latin-1")


def in_chunks(parts: Sequence[bytes]) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
