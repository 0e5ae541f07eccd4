from typing import Annotated
from uuid import UUID

import strawberry

from fleet_api.graphql.shared.enums import described
from fleet_api.graphql.shared.node import decoded, id_field
from fleet_api.shared.domain.audit_entry_dto import AuditEntryFilter, AuditEntryOrder, AuditEntryOrderField
from fleet_api.shared.domain.fields import Instant

From = Annotated[
    Instant | None, strawberry.field(name="from", description="Only what happened at this instant or later.")
]
AnyId = Annotated[UUID | None, decoded(), id_field("Only what was done to this thing: a global id.", optional=True)]

described(AuditEntryOrderField, OCCURRED_AT="When it was done.")


@strawberry.pydantic.input(description="Which entries of the audit trail to list.")
class AuditEntryFilterInput(AuditEntryFilter):
    entity_id: AnyId = None
    from_: From = None


@strawberry.pydantic.input(description="In which order to list audit entries.")
class AuditEntryOrderInput(AuditEntryOrder):
    pass


OrderByTime = Annotated[
    AuditEntryOrderInput | None,
    strawberry.argument(description="In which order; the newest first by default."),
]
