"""What happened: who, when, from and to. A use case tells it in the transaction that makes it true."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic.alias_generators import to_camel

from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be told.

    kind: one of the kinds that its context names. subject_id: the thing that it happened to; events of one subject are
    numbered without gaps. object_id: what else took part, such as the assignment or the geofence. driver_id: the driver
    whom it concerns, and who may see it. before, after: the state, as text. changed: the fields that differ, as clients
    spell them, without their values, which not everybody may see. key: told once for each subject, however often it is
    published; for whoever may try again.
    """

    kind: str
    subject_id: UUID
    fleet_provider_id: UUID
    before: str | None = None
    after: str | None = None
    driver_id: UUID | None = None
    object_id: UUID | None = None
    changed: tuple[str, ...] = ()
    key: str | None = None


@dataclass(slots=True)
class RecordedEvent:
    """An event that took place. Each GraphQL type of events has a class of its own, which adds nothing.

    id: place in the log, in the order of its writing. sequence: place among its subject's events, from 1, without gaps;
    None for what has no subject. actor: role and subject of whoever did it. cursor: where whoever saw it goes
    on; filled in for each audience.
    """

    id: int
    kind: str
    subject_id: UUID
    sequence: int | None
    fleet_provider_id: UUID
    driver_id: UUID | None
    object_id: UUID | None
    before: str | None
    after: str | None
    changed: Sequence[str]
    actor: str
    occurred_at: datetime
    cursor: str = ""

    def at(self, cursor: str) -> Self:
        """The same, for another audience."""
        return type(self)(
            self.id,
            self.kind,
            self.subject_id,
            self.sequence,
            self.fleet_provider_id,
            self.driver_id,
            self.object_id,
            self.before,
            self.after,
            self.changed,
            self.actor,
            self.occurred_at,
            cursor,
        )


@dataclass(frozen=True, slots=True)
class Sort:
    """What the events of some kinds have in common: the class that they are recorded as, and who may see them."""

    recorded_as: type[RecordedEvent]
    permission: Permission


SORTS: dict[str, Sort] = {}
"""By kind. Each context adds those that it names."""


def tell(kinds: type[StrEnum], recorded_as: type[RecordedEvent], permission: Permission) -> None:
    """Makes kinds of events known."""
    SORTS.update(dict.fromkeys(kinds, Sort(recorded_as, permission)))


class EventPublisher(ABC):
    @abstractmethod
    async def publish(self, *events: Event) -> None:
        """Tells of them with the unit of work's commit, in this order, or not at all."""

    @abstractmethod
    def by(self, viewer: Viewer) -> "EventPublisher":
        """Tells what somebody else does than who asks: whoever proves by a login who they are."""


def differing(before: Any, after: Any, *but: str) -> tuple[str, ...]:
    """The fields in which two versions of an entity differ, as clients spell them."""
    names = (field.name for field in fields(before) if field.name not in {"version", *but})
    return tuple(to_camel(name) for name in names if getattr(before, name) != getattr(after, name))
