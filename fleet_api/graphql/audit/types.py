from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import relay

from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import read_fleet_providers_depends
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyFleetProvider
from fleet_api.graphql.shared.node import EntityNode, global_id
from fleet_api.shared.domain.audit_entry import AuditEntry, AuditOutcome
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.audit.audit_depends import read_audit_entries_depends


@strawberry.type(
    name="AuditEntry",
    description="Who did what to which thing. Every mutation that changes something leaves one, and so do failed "
    "logins and attempts at what somebody may not do; none is ever changed. It holds no value of an input.",
)
class AuditEntryType(EntityNode):
    entity = AuditEntry
    read = read_audit_entries_depends

    id: relay.NodeID[UUID]
    fleet_provider_id: strawberry.Private[UUID | None]
    actor_provider_id: strawberry.Private[UUID | None]
    entity_id: strawberry.Private[UUID | None]
    occurred_at: datetime = strawberry.field(description="When.")
    actor: str = strawberry.field(
        description="Who did it: the role and the subject of their token, such as `dispatcher:anna`; `anonymous:` for "
        "whoever was not signed in."
    )
    role: Role | None = strawberry.field(description="In which role; null for whoever was not signed in.")
    action: str = strawberry.field(
        description="What: the mutation's name in capitals, such as `SUSPEND_DRIVER` for `suspendDriver`, or a command "
        "of the operator, such as `IMPORT_VEHICLE_MODELS`."
    )
    outcome: AuditOutcome = strawberry.field(description="How it ended.")
    code: str | None = strawberry.field(
        description="The code of the refusal, such as `FORBIDDEN`, where it was refused."
    )
    entity_type: str | None = strawberry.field(
        description="Type of the thing that it was done to, such as `Driver`; null where there is no one thing."
    )
    before: str | None = strawberry.field(name="from", description="The thing's state before, where that has changed.")
    after: str | None = strawberry.field(name="to", description="The thing's state since, where that has changed.")
    changed: list[str] = strawberry.field(
        description="The fields of the thing that differ since, without their values."
    )
    request_id: str | None = strawberry.field(
        description="Of the request that asked for it, as in `X-Request-Id` and in our logs; null for what came by "
        "none."
    )
    address: str | None = strawberry.field(description="The network address that asked; null for what came by none.")

    @strawberry.field(
        name="entityId", description="Global id of the thing that it was done to: `node` finds it while it is there."
    )
    def entity_global_id(self) -> strawberry.ID | None:
        return global_id(self.entity_type, self.entity_id) if self.entity_type and self.entity_id else None

    @strawberry.field(description="Whose trail it is part of; null for what concerns the platform alone.")
    def fleet_provider(self, info: Info) -> LazyFleetProvider | None:
        return info.context.load(read_fleet_providers_depends, self.fleet_provider_id)

    @strawberry.field(
        description="The provider that the actor belongs to; null for the platform's operator, and for one above yours."
    )
    def actor_fleet_provider(self, info: Info) -> LazyFleetProvider | None:
        return info.context.load(read_fleet_providers_depends, self.actor_provider_id)
