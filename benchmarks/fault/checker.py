"""Compares what followers were told with what happened. It knows of no database and no network."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Mark(NamedTuple):
    """What tells an event from all others. It is in what every client gets, and is no cursor: whoever does this does
    one thing after the other, in transactions of their own, in each of which a kind of event happens once at most."""

    actor: str
    occurred_at: datetime
    kind: str


class Happened(NamedTuple):
    """An event as the log has it."""

    mark: Mark
    subject: UUID
    sequence: int


class Heard(NamedTuple):
    """An event as a client got it. at: when, in seconds since 1970."""

    mark: Mark
    sequence: int | None
    at: float


@dataclass(frozen=True, slots=True)
class Found:
    """lost: happened and was not told. duplicated: was told before. disordered: was told after something later of its
    subject, or under a number that is not its own. gaps: where a number is missing between two of a subject. foreign:
    never happened, or is not for this follower's eyes."""

    lost: int = 0
    duplicated: int = 0
    disordered: int = 0
    gaps: int = 0
    foreign: int = 0

    def __add__(self, other: "Found") -> "Found":
        return Found(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Found)))

    @property
    def is_nothing(self) -> bool:
        return self == Found()


def check_follower(
    told: Sequence[Heard], happened: Sequence[Happened], earlier: Collection[Mark], whole: AbstractSet[UUID]
) -> Found:
    """What one follower heard of what happened. happened: what it may see, in order. earlier: what had happened before,
    and was told then. whole: the subjects all of whose events it may see."""
    left = {each.mark: each for each in happened}
    there = dict(left)
    last = _before(happened)
    duplicated = disordered = gaps = foreign = 0
    for heard in told:
        event = left.pop(heard.mark, None)
        if event is None:
            known = heard.mark in there or heard.mark in earlier
            duplicated, foreign = duplicated + known, foreign + (not known)
            continue
        before = last[event.subject]
        if event.sequence <= before or heard.sequence != event.sequence:
            disordered += 1
        elif event.subject in whole and event.sequence > before + 1:
            gaps += 1
        last[event.subject] = max(before, event.sequence)
    return Found(len(left), duplicated, disordered, gaps, foreign)


def check_log(happened: Iterable[Happened], heads: dict[UUID, int]) -> Found:
    """The log itself. happened: all of it, in the order of the log. heads: each subject's last number before, and
    after."""
    duplicated = disordered = gaps = 0
    for event in happened:
        head = heads.get(event.subject, 0)
        if event.sequence == head:
            duplicated += 1
        elif event.sequence < head:
            disordered += 1
        elif event.sequence > head + 1:
            gaps += 1
        heads[event.subject] = max(head, event.sequence)
    return Found(duplicated=duplicated, disordered=disordered, gaps=gaps)


def check_writers(promised: Mapping[tuple[str, str], int], happened: Iterable[Happened]) -> Found:
    """What writers were told is done, against what the log says that they did. promised: by actor and kind."""
    done = dict.fromkeys(promised, 0)
    for event in happened:
        whose = event.mark.actor, event.mark.kind
        done[whose] = done.get(whose, 0) + 1
    missing = sum(max(0, count - done[whose]) for whose, count in promised.items())
    surplus = sum(max(0, count - promised.get(whose, 0)) for whose, count in done.items())
    return Found(lost=missing, duplicated=surplus)


def whole_subjects(seen: Iterable[Happened], everything: Iterable[Happened]) -> set[UUID]:
    """Of which a follower who sees `seen` sees all."""
    marks = {each.mark for each in seen}
    parts = {each.subject for each in everything if each.mark not in marks}
    return {each.subject for each in everything} - parts


def _before(happened: Sequence[Happened]) -> dict[UUID, int]:
    """The number before each subject's first."""
    first: dict[UUID, int] = {}
    for event in happened:
        first.setdefault(event.subject, event.sequence - 1)
    return first
