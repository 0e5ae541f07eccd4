"""What a change of an entity tells: where it stands now, or which of its fields differ."""

from enum import StrEnum
from typing import Protocol
from uuid import UUID

from fleet_api.shared.domain.events import Event, differing


class Stated(Protocol):
    """An entity that stands somewhere."""

    @property
    def id(self) -> UUID: ...

    @property
    def status(self) -> StrEnum: ...


def change(
    before: Stated,
    after: Stated,
    fleet_provider_id: UUID,
    driver_id: UUID | None = None,
    *,
    moved: StrEnum,
    updated: StrEnum,
    unseen: tuple[str, ...] = (),
) -> Event | None:
    """Of the kind `moved`, from state to state, where the state differs; else of the kind `updated`. None where nothing
    differs but the version.

    unseen: what changed with it and is no field of the entity, as clients spell it.
    """
    fields = (*differing(before, after, "status"), *unseen)
    if before.status != after.status:
        return Event(moved, after.id, fleet_provider_id, before.status, after.status, driver_id, changed=fields)
    return Event(updated, after.id, fleet_provider_id, driver_id=driver_id, changed=fields) if fields else None
