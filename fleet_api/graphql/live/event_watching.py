from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fleet_api.graphql.context import Context
from fleet_api.graphql.live.event_feed import EventFeed
from fleet_api.graphql.live.group import Group
from fleet_api.graphql.live.member import Member
from fleet_api.graphql.live.watching import Following, Watching
from fleet_api.shared.domain.event_log import FollowAsked, Followed
from fleet_api.shared.domain.output_context import OutputErrorContext, Refused
from fleet_api.shared.infrastructure.events.events_depends import follow_events_depends

if TYPE_CHECKING:
    from fleet_api.graphql.live.live import Live


class EventWatching(Watching):
    """Events of the log."""

    def __init__(self, followed: Followed) -> None:
        self._followed = followed

    def feed(self, live: "Live", group: Group, context: Context, member: Member) -> Following:
        feed = EventFeed(live.log, group, context, self._followed.watch, member)
        feed.start(self._followed.position)
        return feed


async def watch_events(context: Context, asked: FollowAsked) -> Any:
    """What the resolver of a subscription answers, which strawberry believes to be a generator. Raises `Refused`."""
    if context.resume_from is not None:  # newer than `after`, which a stream that comes back repeats
        asked = replace(asked, after=context.resume_from)
    output = await context.read(follow_events_depends, asked)
    if isinstance(output, OutputErrorContext):
        raise Refused(output)
    return EventWatching(output.data)
