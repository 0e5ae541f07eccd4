"""Several processes on one database and one NATS: whatever fails, each is told everything once, in order."""

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import OutboundBufferLimitError
from sqlalchemy import make_url

from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from fleet_api.shared.infrastructure.events import relayed_looks
from fleet_api.shared.infrastructure.events.look_messages import LookMessages
from fleet_api.shared.infrastructure.events.relay import Relay
from fleet_api.shared.infrastructure.events.relayed_looks import _DATABASE, _LOCK
from fleet_api.shared.infrastructure.events.tail import Look
from fleet_api.shared.infrastructure.logs import configure_logs
from tests.conftest import new_database
from tests.shared.infrastructure.events.processes import SECRET, Follower, Writers, all_told, settled, until
from tests.support.nats import NatsServer, Passage
from tests.support.world import World

_BACKENDS = """
SELECT pid, query_start FROM pg_stat_activity
WHERE application_name = 'fleet-api tail' AND datname = current_database()
"""
_LEADER = """
SELECT pid FROM pg_locks
WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
def nats() -> Iterator[NatsServer]:
    with NatsServer.running() as server:
        yield server


@pytest.fixture
async def followers(database_url: str, nats: NatsServer) -> AsyncIterator[list[Follower]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Follower.running(database_url, nats.address)) for _ in range(3)]


@pytest.fixture
async def writers(world: World, followers: list[Follower]) -> Writers:
    return await Writers.at(world, followers[0].ring)


async def _asked(database_url: str, statement: str) -> list[Any]:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


async def test_each_is_told_everything_once_and_one_looks_for_all(
    followers: list[Follower], writers: Writers, database_url: str
) -> None:
    leader = await settled(followers)
    await writers.tell(40)
    await all_told(writers, followers)
    assert len(await _asked(database_url, _LEADER)) == 1
    for follower in followers:
        assert [told.event for told in sorted(follower.told, key=lambda told: told.event.id)] == [
            told.event for told in sorted(leader.told, key=lambda told: told.event.id)
        ]
        assert {told.transaction: told.lineage for told in follower.told} == {
            told.transaction: told.lineage for told in leader.told
        }


async def test_who_hears_asks_postgresql_nothing(
    followers: list[Follower], writers: Writers, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow the machine is on which this runs.
    for patience in ("_ANSWER_S", "_SILENCE_S", "_LATE_S"):
        monkeypatch.setattr(relayed_looks, patience, 30.0)
    await settled(followers)
    await asyncio.sleep(0.5)
    before = {row["pid"]: row["query_start"] for row in await _asked(database_url, _BACKENDS)}
    await writers.tell(20)
    await all_told(writers, followers)
    after = {row["pid"]: row["query_start"] for row in await _asked(database_url, _BACKENDS)}
    assert len(before) == len(followers)
    (leading,) = [row["pid"] for row in await _asked(database_url, _LEADER)]
    assert [pid for pid in before if after[pid] != before[pid]] == [leading]


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
    for row in await _asked(database_url, _LEADER):
        await _asked(database_url, f"SELECT pg_terminate_backend({row['pid']})")


async def _all_connections_are_cut(_: Follower, database_url: str) -> None:
    for row in await _asked(database_url, _BACKENDS):
        await _asked(database_url, f"SELECT pg_terminate_backend({row['pid']})")


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


async def test_who_begins_after_the_last_events_were_dropped_hears_as_well(
    database_url: str, world: World, nats: NatsServer
) -> None:
    async with Follower.running(database_url, nats.address) as one:
        await settled([one])
        writers = await Writers.at(world, one.ring)
        await writers.tell(3)
        await all_told(writers, [one])
        await _asked(database_url, "DELETE FROM events")
        async with Follower.running(database_url, nats.address) as other:
            await settled([one, other])
            assert one.tail.seen is not None
            greatest = one.tail.seen.newest
            await until(lambda: other.tail.seen is not None and other.tail.seen.newest == greatest, "as far as the one")
            looks = other.tail.looks
            await asyncio.sleep(1)
            assert other.tail.looks - looks <= 1


async def test_databases_that_share_a_nats_do_not_hear_each_other(
    database_url: str, world: World, nats: NatsServer, postgres: EmbeddedPostgres, template: str
) -> None:
    async with AsyncExitStack() as stack:
        other_url = await stack.enter_async_context(new_database(postgres, template))
        other_world = await stack.enter_async_context(World.at(other_url))
        one = await stack.enter_async_context(Follower.running(database_url, nats.address))
        await settled([one])
        of_other_database = await stack.enter_async_context(Follower.running(other_url, nats.address))
        await settled([of_other_database])
        copied = b"a copy of the database elsewhere"
        of_other_secret = await stack.enter_async_context(Follower.running(database_url, nats.address, copied))
        writers, others = await Writers.at(world, one.ring), await Writers.at(other_world, of_other_database.ring)
        await writers.tell(3)
        await others.tell(2)
        await all_told(writers, [one, of_other_secret])
        await all_told(others, [of_other_database])


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


async def test_an_owner_without_other_rights_may_use_it(
    postgres: EmbeddedPostgres, database_url: str, world: World, nats: NatsServer
) -> None:
    """Whoever owns the tables needs no right on the server."""
    name = make_url(database_url).database
    role = f"owner_{name}"
    for statement in (
        f"CREATE ROLE {role} LOGIN NOSUPERUSER",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ):
        await _asked(database_url, statement)
    plain = make_url(database_url).set(username=role).render_as_string(hide_password=False)
    try:
        async with Follower.running(plain, nats.address) as one, Follower.running(plain, nats.address) as other:
            await settled([one, other])
            writers = await Writers.at(world, one.ring)
            await writers.tell(3)
            await all_told(writers, [one, other])
    finally:
        await _asked(database_url, f"DROP OWNED BY {role}")
        await _asked(database_url, f"DROP ROLE {role}")


@pytest.mark.parametrize("credentials", ["a-token-of-ours", "me:a-password-of-ours"])
async def test_credentials_are_used_and_never_logged(
    database_url: str, world: World, credentials: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs()
    user, _, password = credentials.partition(":")
    options = ["--user", user, "--pass", password] if password else ["--auth", user]
    with NatsServer.running(*options) as nats:
        address = nats.address.replace("//", f"//{credentials}@")
        wrong = nats.address.replace("//", f"//{credentials}-not@")
        async with Follower.running(database_url, address) as one, Follower.running(database_url, wrong) as other:
            await settled([one])
            writers = await Writers.at(world, one.ring)
            await writers.tell(3)
            await all_told(writers, [one, other])
            nats.kill()
            await writers.tell(3)
            await all_told(writers, [one, other])
    said = capsys.readouterr()
    assert "relay_troubled" in said.err
    assert "of-ours" not in said.err + said.out
