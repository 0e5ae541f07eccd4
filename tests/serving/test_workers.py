"""Several workers count as one server, whichever of them is asked, and whichever dies."""

import asyncio
import re
from contextlib import suppress

import httpx

from fleet_api.graphql.seen.workers import TELL_S
from tests.support.serve import Serving, comes_true


async def test_any_of_several_workers_tells_what_all_of_them_count(serving: Serving) -> None:
    await serving.start(2)
    asked = 30
    for _ in range(asked):  # each on a connection of its own, which any worker may take
        async with httpx.AsyncClient() as client:
            answer = await client.post(
                f"http://127.0.0.1:{serving.port}/graphql", json={"query": "query Often { __typename }"}
            )
            assert answer.status_code == 200
    told = re.compile(r'^fleet_operations_total\{name="Often",outcome="ok",type="query"\} (\S+)$', re.MULTILINE)

    async def counted() -> tuple[float, int]:
        """How many operations, and how many workers tell how they are."""
        async with httpx.AsyncClient() as client:
            text = (await client.get(f"http://127.0.0.1:{serving.port}/metrics")).text
        found = told.search(text)
        return float(found[1]) if found else 0, len(re.findall(r"^fleet_tail_age_seconds\{", text, re.MULTILINE))

    async with asyncio.timeout(10):
        while await counted() != (asked, 2):  # noqa: ASYNC110
            await asyncio.sleep(0.1)

    # Who dies takes nothing along that was told, and who follows counts on.
    await asyncio.sleep(2 * TELL_S)
    serving.workers()[0].kill()
    # uvicorn may wait for who is gone, seconds long, before it begins another.
    assert await comes_true(lambda: len(serving.workers()) == 2, seconds=30)
    async with asyncio.timeout(20):
        while True:
            with suppress(httpx.HTTPError):
                if await counted() == (asked, 2):
                    break
            await asyncio.sleep(0.1)
    serving.process.terminate()
    assert serving.ended()[0] == 0
