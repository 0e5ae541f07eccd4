from collections.abc import AsyncGenerator

import strawberry

from fleet_api.drivers.domain.driver_events import DriverEventKind
from fleet_api.graphql.event.arguments import After, DriverIds, local_ids
from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.live.event_watching import watch_events
from fleet_api.graphql.shared.info import Info
from fleet_api.shared.domain.event_log import FollowAsked

_KINDS = frozenset[str]({DriverEventKind.DRIVER_STATUS_CHANGED})


@strawberry.type
class DriverSubscriptions:
    @strawberry.subscription(description="Drivers as they are activated, suspended and offboarded.")
    async def driver_status_changed(
        self, info: Info, driver_ids: DriverIds = None, after: After = None
    ) -> AsyncGenerator[FleetEventType, None]:
        asked = FollowAsked(_KINDS, after, subjects=local_ids("Driver", driver_ids, "driverIds"))
        return await watch_events(info.context, asked)
