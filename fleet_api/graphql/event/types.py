from datetime import datetime
from typing import ClassVar

import strawberry

from fleet_api.graphql.event.kinds import FleetEventKind
from fleet_api.shared.domain.events import RecordedEvent
from fleet_api.shared.domain.snapshot_required import SnapshotRequired


@strawberry.interface(
    name="FleetEvent",
    description="Something that happened, told once and in order. Its edges lead to things as they are now, and to "
    "null where you may not see them any more.",
)
class FleetEventType:
    """Its source is the event itself, and each type of events has a class of its own."""

    recorded_as: ClassVar[type[RecordedEvent]]

    cursor: str = strawberry.field(
        description="Opaque place in the stream. Keep the last one that you got, and send it as `after` when you come "
        "back: you get everything that you missed."
    )
    kind: FleetEventKind = strawberry.field(description="What happened.")
    sequence: int | None = strawberry.field(
        description="Place among the events of the same provider, driver or vehicle, from 1 and without gaps; those "
        "that you may not see, or did not ask for, count too. Null for SNAPSHOT_REQUIRED."
    )
    occurred_at: datetime = strawberry.field(description="When.")
    actor: str = strawberry.field(
        description="Who did it: the role and the subject of their token, such as `dispatcher:anna`."
    )
    before: str | None = strawberry.field(name="from", description="How it stood before, where `kind` has states.")
    after: str | None = strawberry.field(name="to", description="How it stands since, where `kind` has states.")

    @classmethod
    def is_type_of(cls, thing: object, info: object) -> bool:
        return isinstance(thing, cls.recorded_as)


@strawberry.type(
    name="SnapshotRequired",
    description="You were away for longer than events are kept, and some are lost to you. Ask for everything anew, and "
    "go on from this event's cursor.",
)
class SnapshotRequiredType(FleetEventType):
    recorded_as = SnapshotRequired
