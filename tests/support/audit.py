"""What is written down of a mutation: as the database keeps it, and as the API lists it."""

from typing import Any

from sqlalchemy import select

from fleet_api.shared.infrastructure.audit.audit_table import audit_entries
from tests.support.api import Api
from tests.support.world import World

SUSPEND = "mutation($i: SuspendDriverInput!) { suspendDriver(input: $i) { __typename ... on Error { code } } }"
RETIRE = "mutation($i: RetireVehicleInput!) { retireVehicle(input: $i) { __typename ... on Error { code } } }"
LIST = """query($filter: AuditEntryFilterInput, $first: Int, $after: String, $order: AuditEntryOrderInput) {
    auditEntries(filter: $filter, first: $first, after: $after, orderBy: $order) { totalCount edges { cursor node {
        id occurredAt actor role action outcome code entityType entityId from to changed requestId address
        fleetProvider { id } actorFleetProvider { id } } } } }"""


async def entries(world: World) -> list[Any]:
    """In the order of their times."""
    async with world.engine.connect() as connection:
        statement = select(audit_entries).order_by(audit_entries.c.occurred_at, audit_entries.c.id)
        return list(await connection.execute(statement))


async def listed(api: Api, **variables: Any) -> list[dict[str, Any]]:
    return [edge["node"] for edge in (await api.data(LIST, variables))["auditEntries"]["edges"]]
