"""Those who change things. Each write has an idempotency key, and is sent again until there is an answer to it."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
from strawberry.relay import to_base64

from benchmarks.fault.apis import Api
from benchmarks.fault.world import Provider, World
from fleet_api.shared.domain.permission import Role

_EACH = 3  # writers of a provider
_BETWEEN_S = 0.015
_AGAIN_S = 0.05
_PATIENCE_S = 6.0
_DONE = "done"

_TOLD = {
    "updateDriver": ("DRIVER_UPDATED",),
    "suspendDriver": ("DRIVER_STATUS_CHANGED",),
    "activateDriver": ("DRIVER_STATUS_CHANGED",),
    "assignVehicle": ("VEHICLE_ASSIGNED", "VEHICLE_STATUS_CHANGED"),
    "releaseVehicle": ("VEHICLE_RELEASED", "VEHICLE_STATUS_CHANGED"),
}
"""What each mutation tells."""


class Writer:
    """Hands its own vehicles to its own drivers and takes them back, suspends others of its own, and renames anybody
    of the provider.

    answers: how often it got which. promised: what was told to be done, as events: by actor and kind.
    """

    def __init__(self, apis: Sequence[Api], world: World, provider: Provider, number: int) -> None:
        subject = f"writer-{number}"
        self._actor = f"dispatcher:{subject}"
        self._apis = apis
        self._token = world.token(Role.DISPATCHER, provider.id, subject)
        self._random = random.Random(number)
        place = number % _EACH
        # The provider's last driver is nobody's, and held by a transaction at times.
        ours = provider.drivers[:-1]
        self._anybody = ours
        self._drives = _Toggles("assignVehicle", "releaseVehicle", ours[place : len(ours) // 2 : _EACH])
        self._works = _Toggles("suspendDriver", "activateDriver", ours[len(ours) // 2 + place :: _EACH])
        self._vehicles = provider.vehicles[place::_EACH]
        self.answers: Counter[str] = Counter()
        self.promised: Counter[tuple[str, str]] = Counter()

    async def run(self, may: asyncio.Event, idle: asyncio.Semaphore) -> None:
        """may: whether to begin another write. idle: is held while one is under way."""
        headers = {"authorization": f"Bearer {self._token}"}
        limits = httpx.Limits(max_keepalive_connections=2)
        async with httpx.AsyncClient(headers=headers, timeout=_PATIENCE_S, limits=limits) as client:
            for number in count():
                await may.wait()
                async with idle:
                    await self._write(client, number)
                await asyncio.sleep(_BETWEEN_S)

    async def _write(self, client: httpx.AsyncClient, number: int) -> None:
        mutation, input = self._next(number)
        answer = await self._insist(client, mutation, input | {"idempotencyKey": uuid4().hex})
        self.answers[answer] += 1
        if answer == _DONE:
            self.promised.update((self._actor, kind) for kind in _TOLD[mutation])

    def _next(self, number: int) -> tuple[str, dict[str, Any]]:
        chance = self._random.random()
        if chance < 0.4:
            driver = self._random.choice(self._anybody)
            return "updateDriver", {"driverId": _driver(driver), "fullName": f"{self._actor} {number}"}
        if chance < 0.7:
            mutation, driver = self._works.next()
            return mutation, {"driverId": _driver(driver)}
        mutation, driver = self._drives.next()
        vehicle = self._vehicles[self._drives.place(driver) % len(self._vehicles)]
        who = {"driverId": _driver(driver)} if mutation == "assignVehicle" else {}
        return mutation, {"vehicleId": to_base64("Vehicle", vehicle), **who}

    async def _insist(self, client: httpx.AsyncClient, mutation: str, input: dict[str, Any]) -> str:
        """The answer that stays: `done`, or the code of a refusal."""
        name = mutation[0].upper() + mutation[1:]
        asked = f"it: {mutation}(input: $input) {{ __typename ...on Error {{ code }} }}"
        body = {"query": f"mutation($input: {name}Input!) {{ {asked} }}", "variables": {"input": input}}
        for api in self._in_turn():
            try:
                answered = await client.post(f"http://127.0.0.1:{api.port}/graphql", json=body)
                final, why = _answer(answered.json())
            except (httpx.HTTPError, ValueError) as error:
                final, why = None, type(error).__name__
            if final:
                return final
            self.answers[f"again after {why}"] += 1
            await asyncio.sleep(_AGAIN_S)
        raise AssertionError("it never ends")

    def _in_turn(self) -> Iterator[Api]:
        first = self._random.randrange(len(self._apis))
        return (self._apis[(first + turn) % len(self._apis)] for turn in count())


class _Toggles:
    """Of several drivers, each in one of two states."""

    def __init__(self, there: str, back: str, drivers: Sequence[UUID]) -> None:
        self._there, self._back = there, back
        self._drivers = drivers
        self._turn = 0

    def next(self) -> tuple[str, UUID]:
        """Everybody goes there, and then everybody back."""
        turn, place = divmod(self._turn, len(self._drivers))
        self._turn += 1
        return self._back if turn % 2 else self._there, self._drivers[place]

    def place(self, driver: UUID) -> int:
        return self._drivers.index(driver)


def writers(apis: Sequence[Api], world: World) -> list[Writer]:
    return [
        Writer(apis, world, provider, number * _EACH + place)
        for number, provider in enumerate(world.providers)
        for place in range(_EACH)
    ]


def _answer(body: dict[str, Any]) -> tuple[str | None, str]:
    """The answer that stays, or None and why to ask again."""
    if body.get("errors"):
        return None, str(body["errors"][0].get("extensions", {}).get("code"))
    it = body["data"]["it"]
    if it["__typename"] == "Unavailable":
        return None, str(it["code"])
    return str(it.get("code", _DONE)), ""


def _driver(id: UUID) -> str:
    return to_base64("Driver", id)
