from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.event_log import EventLog
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission


class ReadEventCursorInteractor(BaseInteractor[None, str]):
    """Where the log of events ends now: whoever follows it from there misses nothing of what comes after."""

    requires = Permission.PROVIDERS_READ

    def __init__(self, log: EventLog) -> None:
        self._log = log

    async def process(self, _: None) -> OutputContext[str]:
        return OutputSuccessContext(await self._log.end())
