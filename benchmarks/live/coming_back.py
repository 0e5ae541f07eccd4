"""Phones that were away: one that missed very much, and very many that missed a little."""

import asyncio
import time
from collections.abc import Sequence
from math import ceil

import asyncpg
import uvloop

from benchmarks.live.business import Business, of_drivers, of_vehicles
from benchmarks.live.fanout import VEHICLE_UPDATED
from benchmarks.live.phones import Crowd, Following
from benchmarks.live.servers import LiveServer
from benchmarks.live.world import World
from benchmarks.worlds import plain
from fleet_api.shared.domain.events import Event

MISSED_BY_ONE = 100_000
PHONES = 2_000
MISSED_BY_EACH = 50

_SETTLE_S = 1.0

_FLEET_EVENTS = """subscription($after: String) {
  fleetEvents(after: $after) { cursor kind sequence occurredAt from to } }"""


def replay(server: LiveServer, world: World) -> float:
    """Events a second, from the connecting to the last of them."""
    return uvloop.run(_replay(server, world))


def storm(server: LiveServer, world: World) -> float:
    """Seconds from the first connecting until the last has all that it missed. Each phone is a driver's."""
    return uvloop.run(_storm(server, world))


async def _replay(server: LiveServer, world: World) -> float:
    (cursor,) = await _cursors(server, world, [world.token], of_vehicles(world.vehicle_ids[:1], 1))
    *vehicles, last = world.vehicle_ids
    missed = [*of_vehicles(vehicles, ceil(MISSED_BY_ONE / len(vehicles))), *of_vehicles([last], 1)]
    await _miss(server, world, missed)
    return len(missed) / await _come_back(server, [(world.token, cursor)], len(missed))


async def _storm(server: LiveServer, world: World) -> float:
    ids, tokens = zip(*world.drivers[:PHONES], strict=True)
    cursors = await _cursors(server, world, tokens, of_drivers(ids, 1))
    await _miss(server, world, [*of_drivers(ids, MISSED_BY_EACH), *of_vehicles(world.vehicle_ids[-1:], 1)])
    return await _come_back(server, list(zip(tokens, cursors, strict=True)), len(ids) * MISSED_BY_EACH)


async def _cursors(server: LiveServer, world: World, tokens: Sequence[str], events: Sequence[Event]) -> list[str]:
    """Of what the phones get of the events: one of each is enough, and then they are away."""
    crowd = Crowd(server.port)
    try:
        await crowd.join(Following(token, _FLEET_EVENTS, {}) for token in tokens)
        await asyncio.sleep(_SETTLE_S)  # what a phone asked for may still be looked into
        await _tell(world, events)
        await crowd.until_served(len(tokens))
        cursors = {phone.following.token: phone.first["fleetEvents"]["cursor"] for phone in crowd.phones}
        return [cursors[token] for token in tokens]
    finally:
        await crowd.leave()


async def _miss(server: LiveServer, world: World, events: Sequence[Event]) -> None:
    """Returns when the server itself has taken them up, too. The last of them is the only one of the last vehicle."""
    crowd = Crowd(server.port)
    try:
        await crowd.join([Following(world.token, VEHICLE_UPDATED, {"ids": world.vehicles[-1:]})])
        await asyncio.sleep(_SETTLE_S)
        await _tell(world, events)
        await crowd.until(1)
    finally:
        await crowd.leave()


async def _come_back(server: LiveServer, phones: Sequence[tuple[str, str]], count: int) -> float:
    """Seconds until they have received so many together."""
    crowd = Crowd(server.port)
    began = time.perf_counter()
    try:
        followings = [Following(token, _FLEET_EVENTS, {"after": cursor}) for token, cursor in phones]
        await crowd.join(followings, at_once=len(followings))
        await crowd.until(count)
        taken = time.perf_counter() - began
        crowd.check_each(count // len(phones))
        return taken
    finally:
        await crowd.leave()


async def _tell(world: World, events: Sequence[Event]) -> None:
    connection = await asyncpg.connect(plain(world.url))
    try:
        await Business(connection).tell(events)
    finally:
        await connection.close()
