"""Operations under way: bounded for one principal, in turn for all, cancelled when they take too long."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from fleet_api.graphql.app import make_app
from fleet_api.graphql.limits.accounts import Account
from fleet_api.graphql.limits.turns import Turns
from fleet_api.settings import Settings
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api

_READ = "{ vehicleModels { totalCount } }"


async def enter(turns: Turns, account: Account, *, may_wait: bool = False) -> None:
    if not turns.enter_at_once(account, may_wait=may_wait):
        await turns.enter_later(account)


async def test_one_principal_has_so_many_and_others_have_theirs() -> None:
    turns = Turns(each=2, together=10)
    anna, ben = Account("anna"), Account("ben")
    await enter(turns, anna)
    await enter(turns, anna)
    with pytest.raises(Refused) as refused:
        await enter(turns, anna)
    assert (refused.value.refusal.code, refused.value.refusal.retry_after) == ("TOO_MANY_AT_ONCE", 1)
    await enter(turns, ben)
    turns.leave(anna)
    await enter(turns, anna)


async def test_whoever_came_first_has_the_next_turn() -> None:
    turns, told = Turns(each=9, together=1), list[int]()
    anna = Account("anna")

    async def work(number: int) -> None:
        await enter(turns, anna)
        told.append(number)
        await asyncio.sleep(0)
        turns.leave(anna)

    await asyncio.gather(*map(work, range(5)))
    assert told == [0, 1, 2, 3, 4]
    await asyncio.wait_for(enter(turns, anna), 1)


async def test_whoever_gives_up_waiting_takes_no_turn() -> None:
    turns = Turns(each=9, together=1)
    anna, ben, carl, dora = Account("anna"), Account("ben"), Account("carl"), Account("dora")
    await enter(turns, anna)
    given_up = asyncio.create_task(enter(turns, ben))
    too_late = asyncio.create_task(enter(turns, carl))
    await asyncio.sleep(0)
    given_up.cancel()
    turns.leave(anna)
    await asyncio.wait_for(too_late, 1)
    # Cancelled after the turn was given, and before it was taken.
    waiting = asyncio.create_task(enter(turns, dora))
    await asyncio.sleep(0)
    turns.leave(carl)
    waiting.cancel()
    await asyncio.gather(given_up, waiting, return_exceptions=True)
    await asyncio.wait_for(enter(turns, anna), 1)


@pytest.fixture
async def held(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Holds a table until it is closed."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    lock = connection.transaction()
    await lock.start()
    await connection.execute("LOCK TABLE vehicle_models")
    yield connection
    if not connection.is_closed():
        await connection.close()


@asynccontextmanager
async def _serving(settings: Settings, services: Services, url: str, **limits: float) -> AsyncIterator[Api]:
    app = make_app(settings.model_copy(update=limits), url)
    async with Api.serving(app, services) as api:
        yield api.as_role(Role.PLATFORM_OPS)


async def test_an_operation_that_takes_too_long_is_cancelled_in_postgresql_too(
    settings: Settings, services: Services, database_url: str, held: asyncpg.Connection
) -> None:
    async with _serving(settings, services, database_url, operation_seconds=0.4) as api:
        answer = await api.execute(_READ, accept="application/graphql-response+json")
        assert (answer.codes, answer.response.status_code) == (["OPERATION_TIMEOUT"], 503)
        for _ in range(100):
            waiting = await held.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if not waiting:
                break
            await asyncio.sleep(0.05)
        assert waiting == 0
    async with _serving(settings, services, database_url, operation_seconds=30) as api:
        asked = asyncio.create_task(api.execute(_READ))
        await asyncio.sleep(0.5)
        await held.close()
        assert (await asked).codes == []


async def test_one_principal_waits_for_so_many_answers_and_no_more(
    settings: Settings, services: Services, database_url: str, held: asyncpg.Connection
) -> None:
    async with _serving(settings, services, database_url, operations_at_once=3, operation_seconds=30) as api:
        asked = [asyncio.create_task(api.execute(_READ)) for _ in range(3)]
        await asyncio.sleep(0.3)
        refused = await api.execute("{ __typename }")
        assert (refused.codes, refused.response.status_code) == (["TOO_MANY_AT_ONCE"], 429)
        assert refused.response.headers["retry-after"] == "1"
        assert (await api.with_token(None).execute("{ __typename }")).codes == []
        await held.close()
        assert [answer.codes for answer in await asyncio.gather(*asked)] == [[]] * 3
        assert json.loads((await api.execute("{ __typename }")).response.text)["data"]


async def test_nobody_has_all_turns() -> None:
    turns = Turns(each=9, together=4)
    anna, ben = Account("anna"), Account("ben")
    await enter(turns, anna)
    await enter(turns, anna)
    third = asyncio.create_task(enter(turns, anna))
    await asyncio.sleep(0)
    assert not third.done()
    await asyncio.wait_for(enter(turns, ben), 1)
    turns.leave(anna)
    await asyncio.wait_for(third, 1)


async def test_subscriptions_that_come_back_together_wait_for_each_other() -> None:
    turns = Turns(each=2, together=2)
    anna = Account("anna")
    coming = [asyncio.create_task(enter(turns, anna, may_wait=True)) for _ in range(50)]
    for each in coming:
        await asyncio.wait_for(each, 1)
        turns.leave(anna)
    with pytest.raises(Refused):
        for _ in range(3):
            task = asyncio.create_task(enter(turns, anna))
            await asyncio.wait({task}, timeout=0.01)
            if task.done():
                task.result()
