"""Sockets that are stuck, slow, gone, hasty or many burden nobody else, and leave nothing behind."""

import asyncio
import json
import socket as sockets
from typing import Any

from websockets.frames import Frame, Opcode

from fleet_api.graphql.live.member import MOST_UNSENT_BYTES
from fleet_api.shared.infrastructure.resources import Services
from tests.support.sockets import acknowledged, closed, connected, receive, send
from tests.support.transport import SUBSCRIBE, Edge, token_of


def ours() -> set[asyncio.Task[Any]]:
    """Tasks that serve, and not the clients' own."""
    return {task for task in asyncio.all_tasks() if "fleet_api" in task.get_coro().cr_code.co_filename}


async def settled(before: set[asyncio.Task[Any]]) -> bool:
    async with asyncio.timeout(10):
        while ours() - before:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return True


async def test_a_reader_that_stopped_is_given_up_and_nobody_else_waits(edge: Edge, services: Services) -> None:
    async with connected(edge.address) as stuck, connected(edge.address) as reader:
        for socket in (stuck, reader):
            await acknowledged(socket, token_of(services))
            await send(socket, id="1", **SUBSCRIBE)
            await edge.live.next()
        silent, heard = edge.live.followed
        stuck.transport.pause_reading()
        result = b'{"data":"%b"}' % (b"x" * 1_000)
        most = 0
        for _ in range(10_000):
            for followed in (silent, heard):
                followed.member.send([result])
            most = max(most, silent.member.unsent_bytes)
            assert (await receive(reader))["type"] == "next"
        assert silent.is_stopped
        assert not heard.is_stopped
        assert 0 < most <= MOST_UNSENT_BYTES + 2_000
        async with asyncio.timeout(5):
            while len(edge.sockets) > 1:  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.02)
        stuck.transport.abort()


async def test_a_slow_reader_that_reads_on_learns_why(edge: Edge, services: Services) -> None:
    async with connected(edge.address) as socket:
        await acknowledged(socket, token_of(services))
        await send(socket, id="1", **SUBSCRIBE)
        followed = await edge.live.next()
        followed.member.give_up()
        assert await closed(socket) == (4408, "Too slow: resume with your last cursor")


async def test_drained_waits_for_the_reader_and_ends_with_the_connection(edge: Edge, services: Services) -> None:
    async with connected(edge.address) as socket:
        await acknowledged(socket, token_of(services))
        await send(socket, id="1", **SUBSCRIBE)
        member = (await edge.live.next()).member
        await member.drained()

        async def held_up() -> asyncio.Task[None]:
            socket.transport.pause_reading()
            while member.unsent_bytes < 100_000:
                member.send([b'{"data":"%b"}' % (b"x" * 50_000)])
                await asyncio.sleep(0.1 if member.is_behind else 0)  # the network may take it yet
            waiting = asyncio.create_task(member.drained())
            await asyncio.sleep(0.1)
            assert not waiting.done()
            return waiting

        waiting = await held_up()
        socket.transport.resume_reading()
        while not waiting.done():
            await asyncio.wait_for(socket.recv(), 10)
        waiting = await held_up()
        socket.transport.abort()
        await asyncio.wait_for(waiting, 10)


async def test_a_client_that_is_gone_leaves_nothing_behind(edge: Edge, services: Services) -> None:
    before, query = ours(), "{ __schema { types { name } } }"
    for end in ("abort", "close"):
        async with connected(edge.address) as socket:
            await acknowledged(socket, token_of(services))
            for number in range(5):
                await send(socket, id=f"q{number}", type="subscribe", payload={"query": query})
            await send(socket, id="1", **SUBSCRIBE)
            followed = await edge.live.next()
            if end == "abort":
                socket.transport.abort()
        async with asyncio.timeout(10):
            while not followed.is_stopped:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert await settled(before)
    assert not edge.house.standing._guests
    assert not any(edge.house.heartbeat._seconds)


async def test_a_storm_of_subscribes_and_pings_is_answered_in_full(edge: Edge, services: Services) -> None:
    async with connected(edge.address) as socket:
        await acknowledged(socket, token_of(services))
        for number in range(500):
            await send(socket, id=str(number), **SUBSCRIBE)
            await send(socket, id=str(number), type="complete")
            await send(socket, type="ping")
        for _ in range(500):
            assert await receive(socket) == {"type": "pong"}
        assert all(followed.is_stopped for followed in edge.live.followed)


async def test_who_says_much_at_once_lets_others_speak_in_between(edge: Edge) -> None:
    async with connected(edge.address) as talker, connected(edge.address) as other:
        for socket in (talker, other):
            await acknowledged(socket)
        messages = [json.dumps({"id": str(number), **SUBSCRIBE}).encode() for number in range(100)]
        talker.transport.write(b"".join(Frame(Opcode.TEXT, message).serialize(mask=True) for message in messages))
        await send(other, type="ping")
        assert await receive(other) == {"type": "pong"}
        assert len(edge.live.followed) < 100
        for _ in range(100):
            await edge.live.next()


async def test_two_thousand_sockets_idle_without_a_task(edge: Edge) -> None:
    before = len(asyncio.all_tasks())
    host, port = edge.place.split(":")
    handshake = (
        b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )
    opened: list[sockets.socket] = []
    loop = asyncio.get_running_loop()
    try:
        for _ in range(2_000):
            raw = sockets.socket()
            opened.append(raw)
            raw.setblocking(False)
            await loop.sock_connect(raw, (host, int(port)))
            await loop.sock_sendall(raw, handshake)
            assert b" 101 " in await loop.sock_recv(raw, 1_000)
        assert len(edge.sockets) == 2_000
        await asyncio.sleep(0.1)
        assert len(asyncio.all_tasks()) == before
        async with connected(edge.address) as socket:
            await acknowledged(socket)
    finally:
        for raw in opened:
            raw.close()
