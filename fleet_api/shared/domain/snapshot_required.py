from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fleet_api.shared.domain.events import RecordedEvent
from fleet_api.shared.domain.viewer import Viewer

_NOTHING = UUID(int=0)


class StreamEventKind(StrEnum):
    """What happens to a stream of events itself, and to no subject."""

    SNAPSHOT_REQUIRED = "SNAPSHOT_REQUIRED"


@dataclass(slots=True)
class SnapshotRequired(RecordedEvent):
    """Told to one client, and nowhere recorded: what came after its cursor is not kept any more. It has no subject, and
    to clients no sequence."""

    @classmethod
    def since(cls, at: datetime) -> "SnapshotRequired":
        """at: from when on the client gets what happens."""
        return cls(
            id=0,
            kind=StreamEventKind.SNAPSHOT_REQUIRED,
            subject_id=_NOTHING,
            sequence=None,
            fleet_provider_id=_NOTHING,
            driver_id=None,
            object_id=None,
            before=None,
            after=None,
            changed=(),
            actor=Viewer.system().actor,
            occurred_at=at,
        )
