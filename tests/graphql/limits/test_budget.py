"""What a principal may spend, in one process and in a real Redis that several share."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator

import pytest
import redis.asyncio

from fleet_api.graphql.limits.accounts import Account
from fleet_api.graphql.limits.budget import Budget, OwnBudget
from fleet_api.graphql.limits.shared_budget import SharedBudget
from fleet_api.shared.domain.output_context import Refused
from tests.support.server import free_port


async def spent(budget: Budget, account: Account, cost: int) -> int:
    remaining = budget.spend(account, cost)
    return remaining if isinstance(remaining, int) else await remaining


async def seconds_to_wait(budget: Budget, account: Account, cost: int) -> int:
    with pytest.raises(Refused) as refused:
        await spent(budget, account, cost)
    assert refused.value.refusal.code == "BUDGET_SPENT"
    assert refused.value.refusal.retry_after
    return refused.value.refusal.retry_after


async def test_each_principal_has_its_own() -> None:
    budget = OwnBudget(100, 1)
    anna, ben = Account("anna"), Account("ben")
    assert await spent(budget, anna, 100) == 0
    assert await seconds_to_wait(budget, anna, 50) in {49, 50}
    assert await spent(budget, ben, 100) == 0


async def test_what_is_refused_costs_nothing() -> None:
    budget = OwnBudget(100, 1)
    anna = Account("anna")
    assert await spent(budget, anna, 60) == 40
    assert await seconds_to_wait(budget, anna, 41)
    assert await spent(budget, anna, 40) == 0


async def test_what_comes_back_is_whole_however_often_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr("fleet_api.graphql.limits.budget.monotonic", lambda: now)
    budget, anna = OwnBudget(100, 3), Account("anna")
    assert await spent(budget, anna, 100) == 0
    for _ in range(1_000):  # every 10 ms, in which 0.03 points come back
        now += 0.01
        await spent(budget, anna, 0)
    assert await spent(budget, anna, 0) == pytest.approx(30, abs=1)
    assert await seconds_to_wait(budget, anna, 100) == 24
    now += 24
    assert await spent(budget, anna, 100) in {0, 1, 2}


async def test_it_refills_up_to_its_limit() -> None:
    budget = OwnBudget(100, 1_000)
    anna = Account("anna")
    await spent(budget, anna, 100)
    await asyncio.sleep(0.2)
    assert await spent(budget, anna, 0) == 100


@pytest.fixture
async def store() -> AsyncIterator[str]:
    """The address of a Redis that this test alone uses."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip("there is no redis-server here")
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *[program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    address = f"redis://127.0.0.1:{port}/0"
    client = redis.asyncio.Redis.from_url(address)
    for _ in range(200):
        try:
            await client.ping()
            break
        except redis.exceptions.ConnectionError:
            await asyncio.sleep(0.05)
    await client.aclose()
    yield address
    process.terminate()
    await asyncio.wait_for(process.wait(), 10)


async def test_processes_share_one_budget(store: str) -> None:
    one, other = SharedBudget(store, 100, 1), SharedBudget(store, 100, 1)
    anna, ben = Account("anna"), Account("ben")
    assert await spent(one, anna, 60) == 40
    assert await spent(other, anna, 30) == 10
    assert 1 <= await seconds_to_wait(one, anna, 20) <= 200
    assert await spent(other, anna, 10) == 0
    assert await spent(other, ben, 100) == 0


async def test_while_the_store_is_away_each_process_counts_by_itself() -> None:
    budget = SharedBudget(f"redis://127.0.0.1:{free_port()}/0", 100, 1)
    anna = Account("anna")
    assert await spent(budget, anna, 100) == 0
    assert await seconds_to_wait(budget, anna, 1)


async def test_nobody_waits_again_and_again_for_a_store_that_does_not_answer() -> None:
    asked = 0

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.read()
        writer.close()

    port = free_port()
    async with await asyncio.start_server(silent, "127.0.0.1", port):
        budget = SharedBudget(f"redis://127.0.0.1:{port}/0", 100, 1)
        anna = Account("anna")
        assert [await spent(budget, anna, 10) for _ in range(10)] == [90, 80, 70, 60, 50, 40, 30, 20, 10, 0]
    assert 1 <= asked <= 3
