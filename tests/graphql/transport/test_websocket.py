"""Sockets that are attacked, forgotten, stuck or closed, and what they leave behind."""

import asyncio
import json
import socket as sockets
from typing import Any

import pytest
from graphql import GraphQLError
from strawberry.types.execution import PreExecutionError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from fleet_api.graphql.live.member import MOST_UNSENT_BYTES
from fleet_api.graphql.transport.websocket import WebSocket
from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.sockets import connected, receive, send
from tests.support.transport import FOLLOW, Edge, edge_of, token_of

SUBSCRIBE = {"type": "subscribe", "payload": {"query": FOLLOW}}


async def acknowledged(socket: ClientConnection, token: str | None = None) -> None:
    payload = {"AUTHORIZATION": f"Bearer {token}"} if token else None
    await send(socket, type="connection_init", payload=payload)
    assert await receive(socket) == {"type": "connection_ack"}


async def closed(socket: ClientConnection) -> tuple[int | None, str | None]:
    with pytest.raises(ConnectionClosed):
        while True:
            await asyncio.wait_for(socket.recv(), 10)
    return socket.close_code, socket.close_reason


def ours() -> set[asyncio.Task[Any]]:
    """Tasks that serve, and not the clients' own."""
    return {task for task in asyncio.all_tasks() if "fleet_api" in task.get_coro().cr_code.co_filename}


async def settled(before: set[asyncio.Task[Any]]) -> bool:
    async with asyncio.timeout(10):
        while ours() - before:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return True


async def test_results_come_in_the_order_they_were_sent_and_then_the_end(edge: Edge, services: Services) -> None:
    async with connected(edge.address) as socket:
        await acknowledged(socket, token_of(services))
        await send(socket, id='a"b', **SUBSCRIBE)
        followed = await edge.live.next()
        followed.member.send([b'{"data":{"n":%d}}' % n for n in range(3)], "cursor")
        for n in range(3):
            assert await receive(socket) == {"id": 'a"b', "type": "next", "payload": {"data": {"n": n}}}
        followed.member.complete()
        assert await receive(socket) == {"id": 'a"b', "type": "complete"}
        followed.member.send([b'{"data":{}}'])
        await send(socket, id='a"b', **SUBSCRIBE)
        await edge.live.next()


async def test_who_completes_hears_no_more_and_may_take_the_id_again(edge: Edge, services: Services) -> None:
    async with connected(edge.address) as socket:
        await acknowledged(socket, token_of(services))
        await send(socket, id="1", **SUBSCRIBE)
        first = await edge.live.next()
        await send(socket, id="1", type="complete")
        await send(socket, id="1", type="complete")
        await send(socket, id="1", **SUBSCRIBE)
        second = await edge.live.next()
        assert (first.is_stopped, second.is_stopped) == (True, False)
        first.member.send([b'{"data":{"n":1}}'])
        first.member.complete()
        first.member.give_up()
        second.member.send([b'{"data":{"n":2}}'])
        assert (await receive(socket))["payload"] == {"data": {"n": 2}}


async def test_each_operation_has_a_context_of_its_own(edge: Edge, services: Services) -> None:
    async with connected(edge.address) as socket:
        await acknowledged(socket, token_of(services))
        for id in "12":
            await send(socket, id=id, **SUBSCRIBE)
        one, other = await edge.live.next(), await edge.live.next()
        assert one.context is not other.context
        assert one.context.viewer == other.context.viewer


async def test_a_refused_subscription_is_an_error_and_an_exception_is_masked(edge: Edge, services: Services) -> None:
    async with connected(edge.address) as socket:
        await acknowledged(socket, token_of(services))
        edge.live.refusal = PreExecutionError(data=None, errors=[GraphQLError("No.", extensions={"code": "FORBIDDEN"})])
        await send(socket, id="1", **SUBSCRIBE)
        refused = await receive(socket)
        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "FORBIDDEN")
        edge.live.refusal = RuntimeError("password=hunter2")
        await send(socket, id="1", **SUBSCRIBE)
        failed = json.dumps(await receive(socket))
        assert "INTERNAL_ERROR" in failed
        assert "hunter2" not in failed
        assert "Traceback" not in failed


async def test_pings_are_answered_before_and_after_the_init(edge: Edge) -> None:
    async with connected(edge.address) as socket:
        await send(socket, type="ping", payload={"a": 1})
        assert await receive(socket) == {"type": "pong"}
        await acknowledged(socket)
        await send(socket, type="ping")
        await send(socket, type="pong", payload={})
        assert await receive(socket) == {"type": "pong"}
        await (await socket.ping(b"frame"))


async def test_what_comes_with_the_init_waits_until_it_is_clear_who_asks(edge: Edge, services: Services) -> None:
    async with connected(edge.address) as socket:
        await send(socket, type="connection_init", payload={"authorization": f"Bearer {token_of(services)}"})
        await send(socket, id="1", type="subscribe", payload={"query": "{ __typename }"})
        assert [(await receive(socket))["type"] for _ in range(3)] == ["connection_ack", "next", "complete"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b'{"type": "connection_init"}', 4400),
        ("x" * (2 * 1024 * 1024), 1009),
        ('{"type": "ping", "payload": 7}', 4400),
        ('{"type": "complete", "id": 7}', 4400),
        ('{"type": "complete", "id": "' + "7" * 257 + '"}', 4400),
        ('{"type": ["ping"]}', 4400),
    ],
)
async def test_what_no_client_sends_ends_the_socket(edge: Edge, message: str | bytes, code: int) -> None:
    async with connected(edge.address) as socket:
        await socket.send(message)
        assert (await closed(socket))[0] == code


async def test_text_that_is_no_text_ends_the_socket(edge: Edge) -> None:
    async with connected(edge.address) as socket:
        socket.transport.write(Frame(Opcode.TEXT, b"\xff\xfe").serialize(mask=True))
        assert (await closed(socket))[0] == 1007


async def test_half_a_message_and_fragments_are_waited_for(edge: Edge) -> None:
    async with connected(edge.address) as socket:
        whole = Frame(Opcode.TEXT, b'{"type": "ping"}').serialize(mask=True)
        socket.transport.write(whole[:9])
        await asyncio.sleep(0.05)
        socket.transport.write(whole[9:])
        assert await receive(socket) == {"type": "pong"}
        await socket.send(['{"type"', ": ", '"ping"}'])
        assert await receive(socket) == {"type": "pong"}


async def test_who_does_not_say_who_they_are_is_closed_in_time(settings: Settings, services: Services) -> None:
    hasty = settings.model_copy(update={"init_seconds": 0.3})
    async with edge_of(hasty, services) as edge, connected(edge.address) as early, connected(edge.address) as late:
        await acknowledged(early)
        assert await closed(late) == (4408, "Connection initialisation timeout: send connection_init within 0.3 s")
        await send(early, type="ping")
        assert await receive(early) == {"type": "pong"}


async def test_a_message_has_a_bound_and_a_longer_one_ends_the_socket(settings: Settings, services: Services) -> None:
    narrow = settings.model_copy(update={"max_message_bytes": 2_000})
    async with edge_of(narrow, services) as edge, connected(edge.address) as socket:
        await acknowledged(socket)
        ping = '{"type": "ping"}'
        await socket.send(ping + " " * (2_000 - len(ping)))
        assert await receive(socket) == {"type": "pong"}
        await socket.send(ping + " " * (2_001 - len(ping)))
        assert (await closed(socket))[0] == 1009


async def test_a_message_that_does_not_come_to_its_end_ends_the_socket(edge: Edge) -> None:
    async with connected(edge.address) as dribbling, connected(edge.address) as talking:
        for socket in (dribbling, talking):
            await acknowledged(socket)
        message = Frame(Opcode.TEXT, b'{"type": "ping"}').serialize(mask=True)
        for at in range(3):
            dribbling.transport.write(message[at : at + 1])
            talking.transport.write(message[:7])
            await asyncio.sleep(0.1)
            for each in _open(edge):
                each.beat()
            talking.transport.write(message[7:])
        assert (await closed(dribbling))[0] == 1008
        assert await receive(talking) == {"type": "pong"}


async def test_a_renewed_token_leaves_what_is_followed_alone(edge: Edge, services: Services) -> None:
    provider = (await _viewer_of(edge, services)).provider_id
    async with connected(edge.address) as socket:
        await acknowledged(socket, token_of(services, provider, seconds=2))
        await send(socket, id="1", **SUBSCRIBE)
        followed = await edge.live.next()
        await send(socket, type="ping", payload={"Authorization": f"Bearer {token_of(services, provider)}"})
        renewed = await receive(socket)
        assert (renewed["type"], renewed["payload"]["renewed"]) == ("pong", True)
        assert renewed["payload"]["expiresAt"].endswith("Z")
        await asyncio.sleep(3)
        followed.member.send([b'{"data":{}}'])
        assert (await receive(socket))["type"] == "next"
        assert not followed.is_stopped


@pytest.mark.parametrize("whose", ["another provider", "another person", "forged", "expired", "nobody"])
async def test_a_token_that_is_not_the_viewers_ends_the_socket(edge: Edge, services: Services, whose: str) -> None:
    provider = (await _viewer_of(edge, services)).provider_id
    token = {
        "another provider": token_of(services),
        "another person": token_of(services, provider, "berta"),
        "forged": token_of(services, provider)[:-4] + "AAAA",
        "expired": token_of(services, provider, seconds=-3600),
        "nobody": "",
    }[whose]
    async with connected(edge.address) as socket:
        await acknowledged(socket, token_of(services, provider))
        await send(socket, id="1", **SUBSCRIBE)
        followed = await edge.live.next()
        await send(socket, type="ping", payload={"authorization": f"Bearer {token}"})
        assert (await closed(socket))[0] == 4403
        assert followed.is_stopped


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
            while len(_open(edge)) > 1:  # noqa: ASYNC110 - it has no event
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
        socket.transport.pause_reading()
        while member.unsent_bytes < 100_000:
            member.send([b'{"data":"%b"}' % (b"x" * 50_000)])
            await asyncio.sleep(0)
        waiting = asyncio.create_task(member.drained())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        socket.transport.resume_reading()
        await asyncio.wait_for(waiting, 10)
        socket.transport.pause_reading()
        while member.unsent_bytes < 100_000:
            member.send([b'{"data":"%b"}' % (b"x" * 50_000)])
            await asyncio.sleep(0)
        waiting = asyncio.create_task(member.drained())
        await asyncio.sleep(0.1)
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


async def test_who_gives_no_sign_of_life_is_ended(edge: Edge, services: Services) -> None:
    async with connected(edge.address) as alive, connected(edge.address) as vanished:
        for socket in (alive, vanished):
            await acknowledged(socket)
        vanished.transport.pause_reading()
        for _ in range(2):
            for each in _open(edge):
                each.beat()
            await asyncio.sleep(0.2)
        assert len(_open(edge)) == 1
        vanished.transport.abort()
        await send(alive, type="ping")
        assert await receive(alive) == {"type": "pong"}


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
        assert len(_open(edge)) == 2_000
        await asyncio.sleep(0.1)
        assert len(asyncio.all_tasks()) == before
        async with connected(edge.address) as socket:
            await acknowledged(socket)
    finally:
        for raw in opened:
            raw.close()


async def test_a_page_of_ours_may_open_a_socket_behind_a_proxy(edge: Edge) -> None:
    origin: Any = f"https://{edge.place}"
    async with connect(edge.address, origin=origin, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        await acknowledged(socket)


def _open(edge: Edge) -> list[WebSocket]:
    return [each for second in edge.house.heartbeat._seconds for each in second if isinstance(each, WebSocket)]


async def _viewer_of(edge: Edge, services: Services) -> Any:
    return await edge.house.authentication.viewer(f"Bearer {token_of(services)}")
