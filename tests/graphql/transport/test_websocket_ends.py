"""What no client does ends its socket, with a code that tells why, and nobody else's."""

import asyncio

import pytest
from websockets.frames import Frame, Opcode

from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.sockets import acknowledged, closed, connected, receive, send
from tests.support.transport import Edge, edge_of


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
            for each in edge.sockets:
                each.beat()
            talking.transport.write(message[7:])
        assert (await closed(dribbling))[0] == 1008
        assert await receive(talking) == {"type": "pong"}


async def test_who_gives_no_sign_of_life_is_ended(edge: Edge, services: Services) -> None:
    async with connected(edge.address) as alive, connected(edge.address) as vanished:
        for socket in (alive, vanished):
            await acknowledged(socket)
        vanished.transport.pause_reading()
        for _ in range(2):
            for each in edge.sockets:
                each.beat()
            await asyncio.sleep(0.2)
        assert len(edge.sockets) == 1
        vanished.transport.abort()
        await send(alive, type="ping")
        assert await receive(alive) == {"type": "pong"}
