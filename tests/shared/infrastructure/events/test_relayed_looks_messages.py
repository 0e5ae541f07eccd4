"""Whatever becomes of the messages between processes, or is sent among them, each is told everything once, in order."""

import asyncio
import os
import random
import time

import asyncpg
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from fleet_api.shared.infrastructure.events.look_messages import LookMessages
from fleet_api.shared.infrastructure.events.relay import Relay
from fleet_api.shared.infrastructure.events.relayed_looks import _DATABASE, _LOCK
from fleet_api.shared.infrastructure.events.tail import Look
from tests.shared.infrastructure.events.processes import SECRET, Follower, Writers, all_told, settled, until
from tests.support.nats import NatsServer
from tests.support.world import World


class _Unreliable(Relay):
    """Loses, repeats and holds back what it should send."""

    _held: Look | None = None

    async def send(self, look: Look) -> None:
        for each in self._chosen(look):
            await super().send(each)

    def _chosen(self, look: Look) -> list[Look]:
        match random.randrange(5):
            case 0:
                return []
            case 1:
                return [look, look]
            case 2:
                held, self._held = self._held, look
                return [held] if held else []
            case _:
                return [look]


async def test_messages_that_are_lost_repeated_or_late_change_nothing(
    database_url: str, world: World, nats: NatsServer
) -> None:
    leader = Follower(database_url, _Unreliable(nats.address, SECRET))
    async with leader.started():
        await settled([leader])
        async with Follower.running(database_url, nats.address) as follower:
            assert await settled([leader, follower]) is leader
            writers = await Writers.at(world, leader.ring)
            await writers.tell(100)
            await all_told(writers, [leader, follower])


class _Slow(Relay):
    """Everything is on its way for longer than is of use."""

    def __init__(self, address: str, secret: bytes) -> None:
        super().__init__(address, secret)
        self._on_their_way: set[asyncio.Task[None]] = set()

    async def send(self, look: Look) -> None:
        self._on_their_way.add(asyncio.create_task(self._send_late(look)))

    async def _send_late(self, look: Look) -> None:
        await asyncio.sleep(1.5)
        await super().send(look)


async def test_who_hears_of_everything_too_late_looks_for_itself(
    database_url: str, world: World, nats: NatsServer
) -> None:
    leader = Follower(database_url, _Slow(nats.address, SECRET))
    async with leader.started():
        await settled([leader])
        async with Follower.running(database_url, nats.address) as follower:
            writers, heard = await Writers.at(world, leader.ring), []
            for _ in range(25):
                await writers.tell(2)
                await asyncio.sleep(0.1)
                heard.append(follower.looks.hears())
            assert not any(heard)
            await all_told(writers, [leader, follower])


async def test_a_ring_that_stays_unanswered_is_answered_by_whoever_heard_it(
    database_url: str, world: World, nats: NatsServer
) -> None:
    """Though somebody says, again and again, that there is nothing new."""
    dull = Relay(nats.address, SECRET)
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    await connection.execute(f"SELECT pg_advisory_lock({_LOCK})")
    async with (
        dull.joined(await connection.fetchval(_DATABASE), lambda _: None),
        Follower.running(database_url, nats.address) as follower,
    ):
        seen = follower.tail.seen
        assert seen is not None

        async def say_nothing_new() -> None:
            while True:
                await dull.send(Look(seen, seen, time.time(), []))
                await asyncio.sleep(0.2)

        saying = asyncio.create_task(say_nothing_new())
        await until(follower.looks.hears, "hears")
        writers = await Writers.at(world, follower.ring)
        await writers.tell(3)

        def all_told_while_it_rings() -> bool:
            follower.ring()
            return len(follower.told) >= writers.told

        await until(all_told_while_it_rings, "told")
        await all_told(writers, [follower])
        saying.cancel()
    await connection.close()


async def test_what_others_say_on_its_subject_changes_nothing(
    followers: list[Follower], writers: Writers, nats: NatsServer
) -> None:
    stranger, heard = Client(), list[Msg]()

    async def hear(message: Msg) -> None:
        heard.append(message)

    await stranger.connect(nats.address)
    await stranger.subscribe("fleet.events.>", cb=hear)
    await settled(followers)
    await writers.tell_much(2000)
    await until(lambda: len(heard) > 3, "heard")
    assert len({message.subject for message in heard}) == 1
    assert max(len(message.data) for message in heard) < 512 * 1024
    for _ in range(10):
        before = list(heard)
        random.shuffle(before)
        for message in before[:20]:
            for said in (message.data, message.data[:-7], b"", b"{}", os.urandom(99), b"\0" * 16 + message.data[16:]):
                await stranger.publish(message.subject, said)
        await writers.tell(3)
    await all_told(writers, followers)
    await stranger.close()


async def test_a_look_in_many_parts_arrives_as_one(followers: list[Follower], writers: Writers) -> None:
    leader = await settled(followers)
    await writers.tell_much(1500)
    await all_told(writers, followers)
    for follower in followers:
        # Rendered in portions, of which only the last is the whole of it.
        assert [(len(batch.told), batch.is_whole) for batch in follower.batches] == [
            (len(batch.told), batch.is_whole) for batch in leader.batches
        ]


async def test_a_look_that_is_too_large_to_send_is_read_by_each(
    database_url: str, world: World, nats: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LookMessages, "written", lambda *_: [])
    async with (
        Follower.running(database_url, nats.address) as one,
        Follower.running(database_url, nats.address) as other,
    ):
        writers = await Writers.at(world, one.ring)
        await writers.tell(3)
        await all_told(writers, [one, other])
