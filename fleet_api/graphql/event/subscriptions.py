from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from fleet_api.graphql.event.arguments import After
from fleet_api.graphql.event.kinds import FleetEventKind
from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.live.event_watching import watch_events
from fleet_api.graphql.shared.info import Info
from fleet_api.shared.domain.event_log import FollowAsked
from fleet_api.shared.domain.snapshot_required import StreamEventKind

Kinds = Annotated[
    list[FleetEventKind] | None,
    strawberry.argument(description="Only events of these kinds. By default all kinds that you may see."),
]


@strawberry.type
class EventSubscriptions:
    @strawberry.subscription(description="Everything that happens, as one stream: for who wants a single one.")
    async def fleet_events(
        self, info: Info, kinds: Kinds = None, after: After = None
    ) -> AsyncGenerator[FleetEventType, None]:
        asked = None if kinds is None else frozenset(map(str, kinds)) - frozenset(StreamEventKind)
        return await watch_events(info.context, FollowAsked(asked, after))
