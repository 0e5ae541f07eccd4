"""Strangers of every kind, a few hundred times each: all are told what is right, and nobody else feels it."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from benchmarks.hostile.attack import Outcome, attack
from benchmarks.hostile.canary import Canary
from benchmarks.hostile.kinds import KINDS, Kind
from benchmarks.hostile.target import Target, target
from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.raw import asked, raw
from tests.support.transport import edge_of

# An edge alone, without what is behind it, refuses no operation.
KINDS_OF_WIRE = [kind for kind in KINDS if not kind.is_operation]
_TIMES = 200
_HASTY = {"header_seconds": 0.5, "body_seconds": 0.5, "init_seconds": 0.5}
# What the allocator keeps for later; a leak of 3 KiB for each attack would be as much.
_MOST_GROWTH_KIB = 32 * 1024


@pytest.fixture
def attacked(database_url: str) -> Iterator[Target]:
    hasty = {f"FLEET_{name.upper()}": str(seconds) for name, seconds in _HASTY.items()}
    with target(FLEET_DATABASE_URL=database_url.replace("+asyncpg", ""), **hasty) as attacked:
        yield attacked


async def _all(kinds: Sequence[Kind], port: int, times: int) -> Sequence[tuple[Kind, Outcome]]:
    outcomes = await asyncio.gather(*(attack(port, kind, times, 40 if kind.is_slow else 4) for kind in kinds))
    return list(zip(kinds, outcomes, strict=True))


async def test_strangers_are_told_what_is_right_and_nobody_else_feels_it(attacked: Target) -> None:
    await _all(KINDS, attacked.port, 10)
    before, rss = await _at_rest(attacked, 0), attacked.rss_kib
    canary = Canary()
    async with canary.asking(attacked):
        outcomes = await _all(KINDS, attacked.port, _TIMES)
    heard = {kind.name: set(outcome.statuses) for kind, outcome in outcomes}
    assert heard == {kind.name: set(kind.told) for kind in KINDS}
    assert {outcome.statuses.total() for kind, outcome in outcomes if kind.told} == {_TIMES}
    assert (len(canary.told.asked) > 10, canary.told.failed) == (True, [])
    assert await _at_rest(attacked, before) <= before
    assert attacked.rss_kib - rss < _MOST_GROWTH_KIB


async def test_strangers_leave_no_task_behind(settings: Settings, services: Services) -> None:
    def ours() -> set[asyncio.Task[Any]]:
        return {task for task in asyncio.all_tasks() if "/benchmarks/" not in task.get_coro().cr_code.co_filename}

    async with edge_of(settings.model_copy(update=_HASTY), services) as edge:
        async with raw(edge.place) as client:  # it serves
            await asked(client)
        before = ours()
        await _all(KINDS_OF_WIRE, int(edge.place.split(":")[1]), 3)
        async with asyncio.timeout(10):
            while ours() - before:  # noqa: ASYNC110 - they end when the network tells them to
                await asyncio.sleep(0.05)


async def _at_rest(target: Target, most: int) -> int:
    """How many connections there are once there are no more than so many, or five seconds later."""
    for _ in range(50):
        if target.connections <= most:
            break
        await asyncio.sleep(0.1)
    return target.connections
