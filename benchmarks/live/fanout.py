"""Fan-out at saturation: deliveries for a second of the server's processor, when no event waits for its time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import uvloop

from benchmarks.live.phones import Crowd, Following
from benchmarks.live.servers import LiveServer

VEHICLE_UPDATED = """subscription($ids: [ID!]) {
  vehicleUpdated(vehicleIds: $ids) { cursor kind sequence occurredAt from to } }"""

_AGAIN_S = 0.2


@dataclass(frozen=True, slots=True)
class FanOut:
    """cpu_s: of the server, for so many deliveries in so many seconds. grown_kib: its memory, since the warm-up."""

    deliveries: int
    seconds: float
    cpu_s: float
    message_bytes: int
    grown_kib: float

    @property
    def per_core(self) -> float:
        return self.deliveries / self.cpu_s

    @property
    def busy_pct(self) -> float:
        return 100 * self.cpu_s / self.seconds


def following(vehicles: Sequence[str], token: str, phones: int, *, own: bool) -> list[Following]:
    """Phones that all follow the first vehicle, or each a vehicle of their own."""
    return [Following(token, VEHICLE_UPDATED, {"ids": [vehicles[i if own else 0]]}) for i in range(phones)]


def measure(server: LiveServer, followings: Sequence[Following], *, own: bool, seconds: float) -> FanOut:
    return uvloop.run(_measure(server, followings, len(followings) if own else 1, seconds))


async def _measure(server: LiveServer, followings: Sequence[Following], subjects: int, seconds: float) -> FanOut:
    crowd, spinning = Crowd(server.port), asyncio.create_task(_never_sleep())
    try:
        await crowd.join(followings)
        await reach_all(server, crowd, subjects)
        await _publish(server, crowd, subjects, seconds / 4)
        loop, memory, cpu, before = (
            asyncio.get_running_loop(),
            server.resident_kib(),
            server.cpu_seconds(),
            crowd.received,
        )
        began = loop.time()
        await _publish(server, crowd, subjects, seconds)
        return FanOut(
            crowd.received - before,
            loop.time() - began,
            server.cpu_seconds() - cpu,
            crowd.message_bytes,
            server.resident_kib() - memory,
        )
    finally:
        spinning.cancel()
        await crowd.leave()


async def _never_sleep() -> None:
    """Whoever writes to one who sleeps has to wake it, which takes as long as the writing: a fast server, whose phones
    are never done, would be spared what a slow one pays."""
    while True:  # noqa: ASYNC110 - there is nothing to wait for
        await asyncio.sleep(0)


async def reach_all(server: LiveServer, crowd: Crowd, subjects: int) -> None:
    """Publishes until each phone has received something, so that all that follows is for all of them."""
    rounds = 0
    while crowd.served < len(crowd.phones):
        rounds += await asyncio.to_thread(server.publish, subjects, rounds=1)
        await asyncio.sleep(_AGAIN_S)
        crowd.check()
        if rounds > 50:
            await crowd.until_served(len(crowd.phones))


async def _publish(server: LiveServer, crowd: Crowd, subjects: int, seconds: float) -> None:
    """Returns when the last delivery has come."""
    before = crowd.received
    rounds = await asyncio.to_thread(server.publish, subjects, rounds=1, seconds=seconds)
    await crowd.until(before + rounds * len(crowd.phones))
