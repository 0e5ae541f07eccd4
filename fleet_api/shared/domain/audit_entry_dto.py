from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from fleet_api.shared.domain.audit_entry import AuditOutcome
from fleet_api.shared.domain.dto import FilterDto, OrderDto
from fleet_api.shared.domain.fields import Instant, Name
from fleet_api.shared.domain.page import Direction

LATE = timedelta(days=1)
"""How far the clocks of those who write entries may lag behind each other."""

Action = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z_]{0,63}$")]


class AuditEntryFilter(FilterDto):
    actor: Name | None = Field(None, description="Only what this actor did, spelt as in `AuditEntry.actor`.")
    action: Action | None = Field(None, description="Only this action, such as `SUSPEND_DRIVER`.")
    entity_id: UUID | None = Field(None, description="Only what was done to the thing with this global id.")
    from_: Instant | None = Field(None, description="Only what happened at this instant or later.")
    to: Instant | None = Field(None, description="Only what happened before this instant.")
    outcome: AuditOutcome | None = Field(None, description="Only what was done, or only what was refused.")


class AuditEntryOrderField(StrEnum):
    """What audit entries can be ordered by."""

    OCCURRED_AT = "OCCURRED_AT"


class AuditEntryOrder(OrderDto):
    field: AuditEntryOrderField = Field(AuditEntryOrderField.OCCURRED_AT, description="What to order by.")
    direction: Direction = Field(Direction.DESC, description="Which way.")
