"""What a phone that only waits costs the server's memory."""

import asyncio
from collections.abc import Sequence

import uvloop

from benchmarks.live.fanout import following, reach_all
from benchmarks.live.phones import Crowd
from benchmarks.live.servers import LiveServer, serving
from benchmarks.live.world import World

COUNTS = (2_000, 5_000)

_WARM = 50
_SETTLE_S = 1.5


def measure(name: str, world: World, *, own: bool) -> dict[int, float]:
    """KiB of memory for each phone, by their number, in a server of its own. own: each follows another vehicle."""
    with serving(name, world.place) as server:
        return uvloop.run(_measure(server, world, COUNTS, own))


async def _measure(server: LiveServer, world: World, counts: Sequence[int], own: bool) -> dict[int, float]:
    found, crowd = {}, Crowd(server.port)
    followings = following(world.vehicles, world.token, max(counts), own=own)
    warm = Crowd(server.port)
    await warm.join(followings[:_WARM])  # what the first of all costs is not each one's
    await warm.leave()
    await asyncio.sleep(_SETTLE_S)
    before = server.resident_kib()
    try:
        for count in counts:
            await crowd.join(followings[len(crowd.phones) : count])
            await asyncio.sleep(_SETTLE_S)
            found[count] = (server.resident_kib() - before) / count
        await reach_all(server, crowd, len(followings) if own else 1)  # all of them were there
    finally:
        await crowd.leave()
    return found
