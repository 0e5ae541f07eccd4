import strawberry

from fleet_api.graphql.shared.info import Info
from fleet_api.shared.infrastructure.events.events_depends import read_event_cursor_depends


@strawberry.type
class EventQueries:
    @strawberry.field(
        description="Where the stream of events ends now. Ask for it first, then for what you show, then subscribe "
        "with it as `after`: nothing is missed in between.",
        metadata={"cost": 1},
    )
    def event_cursor(self, info: Info) -> str | None:
        return info.context.ask(read_event_cursor_depends, None)
