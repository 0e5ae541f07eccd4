"""Where the use cases of events meet their adapters."""

from sqlalchemy import func, select

from fleet_api.shared.application.maintain_partitions_interactor import MaintainPartitionsInteractor
from fleet_api.shared.infrastructure.events.events_table import events
from fleet_api.shared.infrastructure.postgres_weekly_partitions import PostgresWeeklyPartitions
from fleet_api.shared.infrastructure.resources import Resources

_NEWEST_EVENT = select(func.max(events.c.occurred_at))


def maintain_events_depends(resources: Resources) -> MaintainPartitionsInteractor:
    partitions = PostgresWeeklyPartitions(resources.transaction.connection, events, _NEWEST_EVENT)
    return MaintainPartitionsInteractor(partitions, resources.services.now)
