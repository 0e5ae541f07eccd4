from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fleet_api.graphql.context import Context
from fleet_api.graphql.live.group import Group
from fleet_api.graphql.live.member import Member
from fleet_api.graphql.live.position_feed import PositionFeed
from fleet_api.graphql.live.position_hub import LOOK_BACK
from fleet_api.graphql.live.watching import Following, Watching
from fleet_api.shared.domain.output_context import OutputErrorContext, Refused
from fleet_api.shared.infrastructure.events.event_cursors import audience_of
from fleet_api.telemetry.domain.telemetry_dto import PositionWatch
from fleet_api.telemetry.infrastructure.telemetry_depends import follow_positions_depends

if TYPE_CHECKING:
    from fleet_api.graphql.live.live import Live


@dataclass(frozen=True, slots=True)
class PositionWatching(Watching):
    """Where vehicles are. since: only those that moved since are told at once."""

    watch: PositionWatch
    since: datetime | None

    def feed(self, live: "Live", group: Group, context: Context, member: Member) -> Following:
        feed = PositionFeed(live.positions, group, context, member)
        feed.start(self.watch, self.since)
        return feed


async def watch_positions(context: Context, watch: PositionWatch, after: str | None) -> Any:
    """What the resolver of a subscription answers, which strawberry believes to be a generator. Raises `Refused`."""
    output = await context.read(follow_positions_depends, watch)
    if isinstance(output, OutputErrorContext):
        raise Refused(output)
    cursor = after if context.resume_from is None else context.resume_from
    return PositionWatching(output.data, None if cursor is None else _since(context, cursor))


def _since(context: Context, cursor: str) -> datetime:
    position = context.services.event_cursors.position(cursor, audience_of(context.viewer))
    return datetime.fromtimestamp(position.at, UTC) - LOOK_BACK
