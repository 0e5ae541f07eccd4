from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.event_log import EventLog, EventWatch, FollowAsked, Followed
from fleet_api.shared.domain.events import SORTS
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.shared_errors import forbidden
from fleet_api.shared.domain.viewer import Viewer


class FollowEventsInteractor(BaseInteractor[FollowAsked, Followed]):
    """What a follower of events may follow, and from where on. Somebody else's things are as things that are not
    there: nothing is ever told of them."""

    # Whoever sees nothing else sees their provider; each kind of events asks for a permission of its own.
    requires = Permission.PROVIDERS_READ

    def __init__(self, log: EventLog, viewer: Viewer) -> None:
        self._log = log
        self._viewer = viewer

    async def process(self, dto: FollowAsked) -> OutputContext[Followed]:
        seen = frozenset(kind for kind, sort in SORTS.items() if self._viewer.may(sort.permission))
        kinds = seen if dto.kinds is None else dto.kinds
        if not kinds <= seen:
            return forbidden()
        watch = EventWatch(kinds, dto.subjects, dto.drivers, dto.objects, dto.passing)
        position = None if dto.after is None else self._log.position(dto.after)
        return OutputSuccessContext(Followed(watch, position))
