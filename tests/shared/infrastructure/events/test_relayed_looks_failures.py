"""Whatever fails, NATS or the one who looks for all, each process is told everything once, in order."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

import pytest
from nats.aio.client import Client
from nats.errors import OutboundBufferLimitError

from tests.shared.infrastructure.events.processes import (
    BACKENDS,
    LEADER,
    Follower,
    Writers,
    all_told,
    asked,
    settled,
    until,
)
from tests.support.nats import NatsServer, Passage
from tests.support.world import World


async def test_without_nats_each_looks_for_itself_and_with_it_one_does_again(
    followers: list[Follower], writers: Writers, nats: NatsServer
) -> None:
    await settled(followers)
    await writers.tell(5)
    nats.kill()
    await writers.tell(10)
    await all_told(writers, followers)
    assert not any(follower.looks.leads for follower in followers)
    nats.start()
    await writers.tell(10)
    await settled(followers)
    await writers.tell(5)
    await all_told(writers, followers)


async def test_a_restart_of_nats_in_the_middle_loses_nothing(
    followers: list[Follower], writers: Writers, nats: NatsServer
) -> None:
    await settled(followers)
    telling = asyncio.create_task(writers.tell(150))
    for _ in range(2):
        await asyncio.sleep(0.2)
        nats.kill()
        await asyncio.sleep(0.2)
        await asyncio.to_thread(nats.start)
    await telling
    await all_told(writers, followers)


async def test_they_begin_where_there_is_no_nats_yet(database_url: str, world: World, nats: NatsServer) -> None:
    nats.kill()
    async with (
        Follower.running(database_url, nats.address) as one,
        Follower.running(database_url, nats.address) as other,
    ):
        writers = await Writers.at(world, one.ring)
        await writers.tell(3)
        await all_told(writers, [one, other])
        nats.start()
        await settled([one, other])
        await writers.tell(3)
        await all_told(writers, [one, other])


async def test_a_nats_that_hangs_holds_up_nobody(followers: list[Follower], writers: Writers, nats: NatsServer) -> None:
    await settled(followers)
    assert nats.process is not None
    os.kill(nats.process.pid, signal.SIGSTOP)
    try:
        await writers.tell(10)
        await all_told(writers, followers)
    finally:
        os.kill(nats.process.pid, signal.SIGCONT)
    await writers.tell(10)
    await settled(followers)
    await all_told(writers, followers)


async def _its_connections_are_cut(_: Follower, database_url: str) -> None:
    for row in await asked(database_url, LEADER):
        await asked(database_url, f"SELECT pg_terminate_backend({row['pid']})")


async def _all_connections_are_cut(_: Follower, database_url: str) -> None:
    for row in await asked(database_url, BACKENDS):
        await asked(database_url, f"SELECT pg_terminate_backend({row['pid']})")


async def _it_ends(leader: Follower, _: str) -> None:
    await leader.stop()


@pytest.mark.parametrize("fate", [_its_connections_are_cut, _all_connections_are_cut, _it_ends])
async def test_when_the_one_who_looks_fails_another_does(
    followers: list[Follower],
    writers: Writers,
    database_url: str,
    fate: Callable[[Follower, str], Awaitable[None]],
) -> None:
    leader = await settled(followers)
    telling = asyncio.create_task(writers.tell(60))
    await asyncio.sleep(0.1)
    await fate(leader, database_url)
    await telling
    left = [follower for follower in followers if fate is not _it_ends or follower is not leader]
    await settled(left)
    await writers.tell(5)
    await all_told(writers, left)


async def test_who_is_cut_off_from_nats_looks_for_itself_and_leads_nobody(
    database_url: str, world: World, nats: NatsServer
) -> None:
    async with Passage(nats.port) as passage, Follower.running(database_url, passage.address) as one:
        await settled([one])
        async with Follower.running(database_url, nats.address) as other:
            assert await settled([one, other]) is one
            writers = await Writers.at(world, other.ring)
            await writers.tell(5)
            passage.close()
            await writers.tell(5)
            await until(lambda: other.looks.leads, "the other leads")
            await writers.tell(5)
            await all_told(writers, [one, other])
            assert not one.looks.leads
            passage.open()
            assert await settled([one, other]) is other
            await writers.tell(5)
            await all_told(writers, [one, other])


@pytest.mark.parametrize("error", [ConnectionResetError, OutboundBufferLimitError, asyncio.CancelledError])
async def test_a_library_that_fails_while_it_sends_fails_nobody(
    followers: list[Follower], writers: Writers, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    async def publish(*_: object) -> None:
        if error is asyncio.CancelledError:  # it waits for a server that hangs
            await asyncio.sleep(30)
        raise error

    await settled(followers)
    await writers.tell(3)
    monkeypatch.setattr(Client, "publish", publish)
    await writers.tell(3)
    await all_told(writers, followers)
