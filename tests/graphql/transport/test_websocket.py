"""A socket's conversation: who asks is known, what is followed comes in order, and each message has its answer."""

import asyncio
import json
from typing import Any

import pytest
from graphql import GraphQLError
from strawberry.types.execution import PreExecutionError
from websockets.asyncio.client import connect
from websockets.frames import Frame, Opcode

from fleet_api.shared.infrastructure.resources import Services
from tests.support.sockets import acknowledged, closed, connected, receive, send
from tests.support.transport import SUBSCRIBE, Edge, token_of


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


async def test_half_a_message_and_fragments_are_waited_for(edge: Edge) -> None:
    async with connected(edge.address) as socket:
        whole = Frame(Opcode.TEXT, b'{"type": "ping"}').serialize(mask=True)
        socket.transport.write(whole[:9])
        await asyncio.sleep(0.05)
        socket.transport.write(whole[9:])
        assert await receive(socket) == {"type": "pong"}
        await socket.send(['{"type"', ": ", '"ping"}'])
        assert await receive(socket) == {"type": "pong"}


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


async def test_a_page_of_ours_may_open_a_socket_behind_a_proxy(edge: Edge) -> None:
    origin: Any = f"https://{edge.place}"
    async with connect(edge.address, origin=origin, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        await acknowledged(socket)


async def _viewer_of(edge: Edge, services: Services) -> Any:
    return await edge.house.authentication.viewer(f"Bearer {token_of(services)}")
