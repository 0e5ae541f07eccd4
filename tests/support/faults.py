"""Reads that go wrong, the same way whoever asks and in whichever batches: by seed, use case and key alone."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from random import Random
from typing import Any, Protocol
from uuid import UUID

from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext, Refused
from fleet_api.shared.domain.page import Direction, Edge, Page
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.shared_errors import forbidden, internal_error, unavailable
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from fleet_api.telemetry.domain.entities.telemetry_point import PointKey


class Reads(Protocol):
    async def read(self, depends: Any, dto: Any, viewer: Viewer) -> OutputContext[Any]: ...


class StillReads:
    """Reads of a database that nobody writes to: what was read once is known, in whichever batches it is asked for.

    A read of what is known takes no turn of the event loop, so that who asks twice meets everything in the same order.
    waits: how many did wait for the database.
    """

    def __init__(self, reads: Reads) -> None:
        self.waits = 0
        self._reads = reads
        self._answers: dict[Any, OutputContext[Any]] = {}
        self._found: dict[Any, dict[Any, Any]] = {}

    async def read(self, depends: Any, dto: Any, viewer: Viewer) -> OutputContext[Any]:
        if not isinstance(dto, Batch):
            name = depends, dto, viewer
            if name not in self._answers:
                self._answers[name] = await self._read(depends, dto, viewer)
            return self._answers[name]
        name = depends, dto.asked, viewer
        found = self._found.setdefault(name, {})
        # Faulty entities lead on by keys that are none.
        keys = [key for key in dto.keys if isinstance(key, UUID | PointKey)]
        new = [key for key in keys if key not in found]
        if new and name not in self._answers:
            output = await self._read(depends, Batch(new, dto.asked), viewer)
            if isinstance(output, OutputErrorContext):
                self._answers[name] = output
            else:
                found |= {key: output.data.get(key) for key in new}
        if name in self._answers:
            return self._answers[name]
        return OutputSuccessContext({key: found[key] for key in keys if found[key] is not None})

    async def _read(self, depends: Any, dto: Any, viewer: Viewer) -> OutputContext[Any]:
        self.waits += 1
        return await self._reads.read(depends, dto, viewer)


class FaultyReads:
    """Answers of `reads`, some of them corrupted. share: of the answers, 0 to 1."""

    def __init__(self, reads: Reads, seed: object, share: float) -> None:
        self._reads = reads
        self._seed = seed
        self._share = share

    async def read(self, depends: Any, dto: Any, viewer: Viewer) -> OutputContext[Any]:
        random = Random(f"{self._seed} {depends.__name__}")
        if random.random() < self._share / 4:
            return _failed(random)
        output = await self._reads.read(depends, dto, viewer)
        if isinstance(output, OutputErrorContext):
            return output
        if not isinstance(dto, Batch):
            return OutputSuccessContext(self._perhaps_corrupted(output.data, depends, None))
        found = {key: self._perhaps_corrupted(output.data.get(key), depends, key) for key in dto.keys}
        return OutputSuccessContext(found)

    def _perhaps_corrupted(self, value: Any, depends: Any, key: Any) -> Any:
        random = Random(f"{self._seed} {depends.__name__} {key}")
        return _corrupted(value, random) if random.random() < self._share else value


class ChangedReads:
    """Answers of `reads`, with everything in them as `change` makes it: entities, edges and pages, inside out."""

    def __init__(self, reads: Reads, change: Callable[[Any], Any]) -> None:
        self._reads = reads
        self._change = change

    async def read(self, depends: Any, dto: Any, viewer: Viewer) -> OutputContext[Any]:
        output = await self._reads.read(depends, dto, viewer)
        if isinstance(output, OutputErrorContext):
            return output
        if isinstance(dto, Batch):
            return OutputSuccessContext({key: self._changed(found) for key, found in output.data.items()})
        return OutputSuccessContext(self._changed(output.data))

    def _changed(self, value: Any) -> Any:
        if isinstance(value, Page):
            edges = [self._change(replace(edge, node=self._change(edge.node))) for edge in value.edges]
            return self._change(replace(value, edges=edges))
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._change(each) for each in value]
        return self._change(value)


def nearly(value: Any) -> list[Any]:
    """What nearly fits in the value's place: code that is too generous would let it pass."""
    return [None, *next((near for kind, near in _NEAR.items() if isinstance(value, kind)), _WRONG)]


def _failed(random: Random) -> OutputContext[Any]:
    """A use case that refuses, or that ends in an exception that nobody foresaw."""
    if random.random() < 0.3:
        raise random.choice([RuntimeError("with the text of a row"), Refused(unavailable()), KeyError("full_name")])
    return random.choice([unavailable(), forbidden(), internal_error()])


def _corrupted(value: Any, random: Random) -> Any:
    """What use cases promise never to answer, in the place of what they answered or somewhere inside it."""
    if random.random() < 0.2:
        return copy(random.choice(_WRONG))
    if isinstance(value, Page):
        return _corrupted_page(value, random)
    if isinstance(value, Sequence) and value and not isinstance(value, str):
        return _with(value, random, lambda each: _corrupted(each, random))
    if is_dataclass(value) and not isinstance(value, type):
        # Also fields that are not shown: edges lead on by them, or properties are made of them.
        names = random.sample([field.name for field in fields(value)], k=random.choice([1, 1, 1, 3]))
        corrupt = replace(value, **{name: _corrupted_leaf(getattr(value, name), random) for name in names})
        return corrupt if random.random() < 0.9 else _Double(value)
    return _corrupted_leaf(value, random)


def _corrupted_page(page: Page[Any], random: Random) -> Page[Any]:
    name = random.choice(["edges", "edges", "edges", "has_next_page", "total_count"])
    if name != "edges":
        return replace(page, **{name: _corrupted_leaf(getattr(page, name), random)})
    if not page.edges or random.random() < 0.1:
        edges: list[Any] = [None, 7, "", [None], {}, tuple(page.edges)]
        return replace(page, edges=random.choice(edges))
    return replace(page, edges=_with(page.edges, random, lambda edge: _corrupted_edge(edge, random)))


def _corrupted_edge(edge: Edge[Any], random: Random) -> Any:
    wrong = [None, replace(edge, node=None), replace(edge, cursor_of=lambda _: None), RuntimeError("an edge")]
    return random.choice(wrong) if random.random() < 0.3 else replace(edge, node=_corrupted(edge.node, random))


def _with(values: Sequence[Any], random: Random, corrupt: Callable[[Any], Any]) -> list[Any]:
    """The values, a few of them corrupted."""
    places = {random.randrange(len(values)) for _ in range(random.choice([1, 1, 2, 3]))}
    return [corrupt(value) if place in places else value for place, value in enumerate(values)]


def _corrupted_leaf(value: Any, random: Random) -> Any:
    return copy(random.choice(nearly(value) if random.random() < 0.8 else _WRONG))


class _Double:
    """Has all that an entity has, and is not of its type."""

    def __init__(self, entity: object) -> None:
        self._entity = entity

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entity, name)


_MORNING = datetime(2026, 1, 31, 8, 0, 0, 500, UTC)

# Some of it graphql-core turns into what was meant, such as "12" into an Int; the rest it refuses.
_NEAR: dict[type, list[Any]] = {
    Enum: ["ACTIVE", "NO_SUCH_MEMBER", Role.DRIVER, Direction.ASC, 1],
    str: [7, 12.5, float("nan"), True, b"bytes", 1j, ["a"], Direction.ASC],
    bool: [0, 1, 0.0, "true", float("nan")],
    int: [2**31, -(2**31) - 1, 2**31 - 1, True, 12.0, 12.5, "12", "12.5", "", float("nan"), float("inf")],
    float: [float("nan"), float("inf"), -float("inf"), 7, 2**70, True, "12.5", "many", 10**400],
    # Whose zone is a few seconds off, which not everybody writes alike.
    datetime: [_MORNING.replace(tzinfo=timezone(timedelta(hours=h, seconds=s))) for h, s in ((5, 1800), (1, 7))]
    + [_MORNING.replace(tzinfo=None), _MORNING.date(), "2026-01-31T08:00:00Z", 1_769_846_400],
    date: [_MORNING, "2026-01-31", 20_484],
    UUID: ["many", 7, UUID(int=0), [], b"bytes"],
    Sequence: [["a", None], [None], [7], ("a",), "abc", 7, {}, {"a"}],
}

# In the place of an entity, a page, or anything else.
_WRONG: list[Any] = [None, ANONYMOUS, 7, 2**40, "x", [], {}, RuntimeError("a value"), Refused(forbidden())]
