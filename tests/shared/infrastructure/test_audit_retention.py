from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from fleet_api.demo.demo_ids import demo_id
from fleet_api.graphql.maintenance import Maintenance
from fleet_api.shared.domain.audit_entry import AuditEntry, AuditOutcome
from fleet_api.shared.domain.weekly_partitions import week_of
from fleet_api.shared.infrastructure.audit.audit_table import audit_entries
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.postgres_weekly_partitions import PostgresWeeklyPartitions
from fleet_api.shared.infrastructure.resources import Services
from tests.support.audit import entries
from tests.support.world import World


def _entry(at: datetime) -> AuditEntry:
    id = demo_id("entry", at)
    rest = {name: None for name in AuditEntry.__slots__ if name not in {"id", "occurred_at"}}
    said = {"actor": "finance:anna", "action": "SUSPEND_DRIVER", "outcome": AuditOutcome.DONE, "changed": []}
    return AuditEntry(id=id, occurred_at=at, **rest | said)


async def test_a_trail_is_kept_for_as_long_as_is_said(world: World, services: Services, database_url: str) -> None:
    now = datetime.now(UTC)
    async with world.engine.begin() as connection:
        partitions = PostgresWeeklyPartitions(connection, audit_entries, select(func.max(audit_entries.c.occurred_at)))
        made = sorted(await partitions.existing())
        for days in (390, 410):
            await partitions.create(week_of(now - timedelta(days=days)))
    # Nothing comes in late: there is room from now on only.
    assert (made[0], made[-1]) == (week_of(now - timedelta(days=1)), week_of(now + timedelta(days=14)))
    kept = [await world.add(audit_entries, _entry(now - timedelta(days=days))) for days in (410, 390, 0)]
    database = Database(database_url, pool_size=1)
    assert await Maintenance(database, services).run()
    assert [entry.id for entry in await entries(world)] == [entry.id for entry in kept[1:]]
    assert await Maintenance(database, replace(services, audit_retention=timedelta(days=30))).run()
    assert [entry.id for entry in await entries(world)] == [kept[-1].id]
    await database.close()
