"""Who follows: every reach, every transport, and those who make trouble."""

from collections.abc import Sequence

from benchmarks.fault.apis import Api
from benchmarks.fault.followers import (
    AMPLE,
    EVERYTHING,
    STATUSES,
    Follower,
    Phone,
    Roamer,
    Sees,
    SocketFollower,
    StreamFollower,
)
from benchmarks.fault.log import ALL
from benchmarks.fault.world import World
from fleet_api.shared.domain.permission import Role

_OF_PROVIDER = "e.fleet_provider_id = $2"
_OF_GROUP = "$2 = ANY(p.lineage)"
_OF_DRIVER = "e.driver_id = $2"


def cast(apis: Sequence[Api], world: World) -> tuple[list[Follower], Phone]:
    """All of them, and which of them is the phone."""
    north, south = world.providers
    here, there = (Sees(_OF_PROVIDER, provider.id) for provider in (north, south))
    tokens = [world.token(Role.DISPATCHER, provider.id, "follower") for provider in (north, south)]
    group = Sees(_OF_GROUP, world.group), world.token(Role.PROVIDER_ADMIN, world.group, "follower")
    operator = world.token(Role.PLATFORM_OPS, None, "follower")
    statuses = Sees(f"{_OF_PROVIDER} AND e.kind = 'DRIVER_STATUS_CHANGED'", north.id)
    phone = Phone("stops reading", here, tokens[0], apis, 0, AMPLE)
    drivers = [
        SocketFollower(
            f"driver {number + 1}",
            Sees(_OF_DRIVER, provider.drivers[0]),
            world.token(Role.DRIVER, provider.id, str(provider.drivers[0])),
            apis,
            number,
            EVERYTHING,
        )
        for number, provider in enumerate(world.providers)
    ]
    return [
        SocketFollower("dispatcher 1", here, tokens[0], apis, 0, EVERYTHING),
        SocketFollower("dispatcher 2", there, tokens[1], apis, 1, EVERYTHING),
        SocketFollower("statuses", statuses, tokens[0], apis, 1, STATUSES),
        SocketFollower("group's admin", *group, apis, 1, EVERYTHING),
        SocketFollower("operator", ALL, operator, apis, 0, EVERYTHING),
        *drivers,
        Roamer("roams", *group, apis, 0, EVERYTHING),
        Roamer("roams, operator", ALL, operator, apis, 1, EVERYTHING),
        StreamFollower("event stream", here, tokens[0], apis, 1, EVERYTHING),
        phone,
    ], phone
