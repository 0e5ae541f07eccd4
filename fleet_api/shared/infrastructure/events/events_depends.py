"""Where the use cases of events meet their adapters."""

from sqlalchemy import func, select

from fleet_api.shared.application.follow_events_interactor import FollowEventsInteractor
from fleet_api.shared.application.list_events_interactor import ListEventsInteractor
from fleet_api.shared.application.maintain_partitions_interactor import MaintainPartitionsInteractor
from fleet_api.shared.application.read_event_cursor_interactor import ReadEventCursorInteractor
from fleet_api.shared.infrastructure.events.event_cursors import audience_of
from fleet_api.shared.infrastructure.events.events_table import events
from fleet_api.shared.infrastructure.events.postgres_event_log import PostgresEventLog
from fleet_api.shared.infrastructure.postgres_weekly_partitions import PostgresWeeklyPartitions
from fleet_api.shared.infrastructure.resources import Resources

_NEWEST_EVENT = select(func.max(events.c.occurred_at))


def follow_events_depends(resources: Resources) -> FollowEventsInteractor:
    return FollowEventsInteractor(_log(resources), resources.viewer)


def list_events_depends(resources: Resources) -> ListEventsInteractor:
    return ListEventsInteractor(_log(resources), resources.services.now)


def read_event_cursor_depends(resources: Resources) -> ReadEventCursorInteractor:
    return ReadEventCursorInteractor(_log(resources))


def maintain_events_depends(resources: Resources) -> MaintainPartitionsInteractor:
    partitions = PostgresWeeklyPartitions(resources.transaction.connection, events, _NEWEST_EVENT)
    return MaintainPartitionsInteractor(partitions, resources.services.now)


def _log(resources: Resources) -> PostgresEventLog:
    return PostgresEventLog(
        resources.raw_connection,
        resources.connection,
        resources.services.event_cursors,
        audience_of(resources.viewer),
    )
