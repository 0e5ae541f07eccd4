from datetime import timedelta

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.event_log import EventLog, EventPage, EventsAsked
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission

# Nothing is dropped so soon, so that only few have to ask.
_SURELY_KEPT = timedelta(hours=1)


class ListEventsInteractor(BaseInteractor[EventsAsked, EventPage]):
    """What a follower missed, page by page."""

    requires = Permission.PROVIDERS_READ

    def __init__(self, log: EventLog, now: Clock) -> None:
        self._log = log
        self._now = now

    async def process(self, dto: EventsAsked) -> OutputContext[EventPage]:
        is_old = self._now().timestamp() - dto.since > _SURELY_KEPT.total_seconds()
        if is_old and not await self._log.reaches_back_to(dto.since):
            return OutputSuccessContext(EventPage([], is_last=True, is_stale=True))
        return OutputSuccessContext(await self._log.page(dto))
