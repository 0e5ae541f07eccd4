"""What a use case says of itself to the audit trail, beside what can be said of every run."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from fleet_api.shared.domain.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Deed:
    """entity_type, entity_id: the thing that it is about, as GraphQL names it. fleet_provider_id: whose thing it is;
    the actor's by default. actor: who did it, where that is not who asked. alike: of refusals that have it in common,
    one a minute is enough; it is kept nowhere. is_lasting: something changed, although it was refused.
    """

    entity_type: str | None = None
    entity_id: UUID | None = None
    fleet_provider_id: UUID | None = None
    actor: Viewer | None = None
    alike: str = ""
    is_lasting: bool = False

    @classmethod
    def to(cls, thing: object) -> Self:
        """thing: an entity, or an answer that is none."""
        id = getattr(thing, "id", None)
        return cls() if id is None else cls(type(thing).__name__, id, getattr(thing, "fleet_provider_id", None))
