"""Several processes on one database and one NATS: one looks for all, and each is told everything once, in order."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import make_url

from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from fleet_api.shared.infrastructure.events import relayed_looks
from fleet_api.shared.infrastructure.logs import configure_logs
from tests.conftest import new_database
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
from tests.support.nats import NatsServer
from tests.support.world import World


async def test_each_is_told_everything_once_and_one_looks_for_all(
    followers: list[Follower], writers: Writers, database_url: str
) -> None:
    leader = await settled(followers)
    await writers.tell(40)
    await all_told(writers, followers)
    assert len(await asked(database_url, LEADER)) == 1
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
    before = {row["pid"]: row["query_start"] for row in await asked(database_url, BACKENDS)}
    await writers.tell(20)
    await all_told(writers, followers)
    after = {row["pid"]: row["query_start"] for row in await asked(database_url, BACKENDS)}
    assert len(before) == len(followers)
    (leading,) = [row["pid"] for row in await asked(database_url, LEADER)]
    assert [pid for pid in before if after[pid] != before[pid]] == [leading]


async def test_who_begins_after_the_last_events_were_dropped_hears_as_well(
    database_url: str, world: World, nats: NatsServer
) -> None:
    async with Follower.running(database_url, nats.address) as one:
        await settled([one])
        writers = await Writers.at(world, one.ring)
        await writers.tell(3)
        await all_told(writers, [one])
        await asked(database_url, "DELETE FROM events")
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
        await asked(database_url, statement)
    plain = make_url(database_url).set(username=role).render_as_string(hide_password=False)
    try:
        async with Follower.running(plain, nats.address) as one, Follower.running(plain, nats.address) as other:
            await settled([one, other])
            writers = await Writers.at(world, one.ring)
            await writers.tell(3)
            await all_told(writers, [one, other])
    finally:
        await asked(database_url, f"DROP OWNED BY {role}")
        await asked(database_url, f"DROP ROLE {role}")


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
