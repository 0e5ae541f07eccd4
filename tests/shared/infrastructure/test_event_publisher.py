"""The publisher itself: numbers without gaps, keys, order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import pytest

from fleet_api.shared.domain.events import Event, EventPublisher
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.events.postgres_event_publisher import PostgresEventPublisher
from tests.support.events import by_subject, told
from tests.support.world import World

_AT = new_id()


class _Undone(Exception):
    pass


def _event(subject: UUID, kind: str = "SOMETHING", key: str | None = None) -> Event:
    return Event(kind, subject, _AT, key=key)


@asynccontextmanager
async def _transaction(world: World) -> AsyncIterator[EventPublisher]:
    async with world.engine.begin() as connection:
        yield PostgresEventPublisher(Transaction(connection), Viewer.system())


async def test_one_call_tells_in_its_order_and_numbers_each_subject(world: World) -> None:
    one, other = new_id(), new_id()
    events = [_event(other if number % 3 else one, f"KIND_{number}") for number in range(50)]
    async with _transaction(world) as publisher:
        await publisher.publish(*events[:20])
        await publisher.publish()
        await publisher.publish(*events[20:])
    rows = await told(world)
    assert [(row.kind, row.subject_id) for row in rows] == [(event.kind, event.subject_id) for event in events]
    assert by_subject(rows) == {one: [*range(1, 18)], other: [*range(1, 34)]}


async def test_every_part_of_an_event_is_kept(world: World) -> None:
    event = Event("K", new_id(), _AT, "FROM", "TO", new_id(), new_id(), ("fullName", "plate"))
    async with _transaction(world) as publisher:
        await publisher.publish(event)
    (row,) = await told(world)
    kept = Event(
        row.kind,
        row.subject_id,
        row.fleet_provider_id,
        row.before,
        row.after,
        row.driver_id,
        row.object_id,
        tuple(row.changed),
    )
    assert (kept, row.actor) == (event, "platform_ops:system")


async def test_somebody_else_may_have_done_it(world: World) -> None:
    driver = Viewer(str(new_id()), Role.DRIVER, _AT)
    async with _transaction(world) as publisher:
        await publisher.by(driver).publish(_event(new_id()))
        await publisher.publish(_event(new_id()))
    assert [row.actor for row in await told(world)] == [f"driver:{driver.subject}", "platform_ops:system"]


async def test_many_at_once_leave_no_gap_where_some_are_undone(world: World) -> None:
    subjects = [new_id() for _ in range(3)]

    async def write(number: int) -> None:
        try:
            async with _transaction(world) as publisher:
                # All of them, in every order: who waited for another's subject while holding a third would deadlock.
                turned = subjects[number % 3 :] + subjects[: number % 3]
                await publisher.publish(*(_event(subject, f"KIND_{number}") for subject in turned))
                if number % 4 == 3:
                    raise _Undone
        except _Undone:
            pass

    await asyncio.gather(*map(write, range(24)))
    rows = await told(world)
    assert by_subject(rows) == {subject: [*range(1, 19)] for subject in subjects}
    assert {row.kind for row in rows} == {f"KIND_{number}" for number in range(24) if number % 4 != 3}


async def test_what_has_a_key_is_told_once_for_its_subject(world: World) -> None:
    subject = new_id()
    keyed = _event(subject, key="k1")
    for _ in range(2):
        async with _transaction(world) as publisher:
            await publisher.publish(keyed, replace(keyed, kind="AGAIN"), _event(subject, "FREE"))
            await publisher.publish(keyed)
    async with _transaction(world) as publisher:
        await publisher.publish(replace(keyed, subject_id=new_id()), replace(keyed, key="k2"))
    rows = await told(world)
    assert [row.kind for row in rows] == ["SOMETHING", "FREE", "FREE", "SOMETHING", "SOMETHING"]
    assert by_subject(rows)[subject] == [1, 2, 3, 4]


@pytest.mark.parametrize("first_commits", [True, False])
async def test_of_two_that_race_with_one_key_one_is_told(world: World, first_commits: bool) -> None:
    subject = new_id()
    published, go_on = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with _transaction(world) as publisher:
            await publisher.publish(_event(subject, "FIRST", key="k1"))
            published.set()
            await go_on.wait()
            if not first_commits:
                raise _Undone

    async def second() -> None:
        async with _transaction(world) as publisher:
            await publisher.publish(_event(subject, "SECOND", key="k1"), _event(subject, "FREE"))

    one = asyncio.create_task(first())
    await published.wait()
    two = asyncio.create_task(second())
    while not await _somebody_waits(world):  # noqa: ASYNC110 - the lock is the database's
        await asyncio.sleep(0.01)
    go_on.set()
    outcome = await asyncio.gather(one, two, return_exceptions=True)
    assert [type(each) for each in outcome] == [type(None) if first_commits else _Undone, type(None)]
    rows = await told(world)
    assert [row.kind for row in rows] == ["FIRST" if first_commits else "SECOND", "FREE"]
    assert [row.sequence for row in rows] == [1, 2]


async def _somebody_waits(world: World) -> bool:
    async with world.engine.connect() as connection:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool((await connection.exec_driver_sql(waiting)).scalar_one())
