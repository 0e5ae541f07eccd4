"""What a principal may spend, in one process and in a real Redis that several share."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator

import pytest
import redis.asyncio

from fleet_api.graphql.limits.budget import OwnBudget
from fleet_api.graphql.limits.shared_budget import SharedBudget
from tests.support.server import free_port


async def test_each_principal_has_its_own() -> None:
    budget = OwnBudget(100, 1)
    assert (await budget.spend("anna", 100)).remaining == 0
    refused = await budget.spend("anna", 50)
    assert refused.retry_after in {49, 50}
    assert (await budget.spend("ben", 100)).retry_after is None


async def test_what_is_refused_costs_nothing() -> None:
    budget = OwnBudget(100, 1)
    assert (await budget.spend("anna", 60)).remaining == 40
    assert (await budget.spend("anna", 41)).retry_after is not None
    assert (await budget.spend("anna", 40)).retry_after is None


async def test_it_refills_up_to_its_limit() -> None:
    budget = OwnBudget(100, 1_000)
    await budget.spend("anna", 100)
    await asyncio.sleep(0.2)
    assert (await budget.spend("anna", 0)).remaining == 100


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
    assert (await one.spend("anna", 60)).remaining == 40
    assert (await other.spend("anna", 30)).remaining == 10
    refused = await one.spend("anna", 20)
    assert refused.retry_after is not None and 1 <= refused.retry_after <= 200
    assert (await other.spend("anna", 10)).retry_after is None
    assert (await other.spend("ben", 100)).retry_after is None


async def test_while_the_store_is_away_each_process_counts_by_itself() -> None:
    budget = SharedBudget(f"redis://127.0.0.1:{free_port()}/0", 100, 1)
    assert (await budget.spend("anna", 100)).retry_after is None
    assert (await budget.spend("anna", 1)).retry_after is not None


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
        for _ in range(10):
            assert (await budget.spend("anna", 10)).retry_after is None
    assert 1 <= asked <= 3
