"""Who did what to which thing, from where and when: kept for long, and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fleet_api.shared.domain.permission import Role


class AuditOutcome(StrEnum):
    """How a deed ended."""

    DONE = "DONE"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One run of a use case that changes things. It holds no value of its input, so nothing secret or personal but who
    did it and from where.

    id: carries `occurred_at`, to the millisecond. fleet_provider_id: whose trail it is part of, None for what
    concerns the platform alone. actor: role and subject, as in events. role: None for whoever was not signed in.
    actor_provider_id: the provider that the actor belongs to. code: of the refusal. entity_type, entity_id: the thing,
    as GraphQL names it. before, after: its state, where that changed. changed: the fields that differ, as clients spell
    them.
    """

    id: UUID
    occurred_at: datetime
    fleet_provider_id: UUID | None
    actor: str
    role: Role | None
    actor_provider_id: UUID | None
    action: str
    outcome: AuditOutcome
    code: str | None
    entity_type: str | None
    entity_id: UUID | None
    before: str | None
    after: str | None
    changed: Sequence[str]
    request_id: str | None
    address: str | None
