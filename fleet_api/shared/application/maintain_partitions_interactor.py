from collections.abc import Sequence
from datetime import date

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.maintenance import MaintainDto, MaintenanceReport
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.weekly_partitions import WeeklyPartitions, weeks


class MaintainPartitionsInteractor(BaseInteractor[MaintainDto, MaintenanceReport]):
    """Make room for what is to come, and drop what is older than the retention. Any number of processes may run
    it at once: each finds done what another did."""

    requires = Permission.MAINTAIN
    is_deed = False  # of the clock

    def __init__(self, partitions: WeeklyPartitions, now: Clock) -> None:
        self._partitions = partitions
        self._now = now

    async def process(self, dto: MaintainDto) -> OutputContext[MaintenanceReport]:
        await self._partitions.hold()
        now, existing = self._now(), await self._partitions.existing()
        late = dto.retention if dto.late is None else dto.late
        missing = [monday for monday in weeks(now, late) if monday not in existing]
        # Old is what the newest row makes old: a clock that jumped ahead must not cost what is kept.
        newest = min(now, await self._partitions.newest() or now)
        over = sorted(monday for monday in existing if monday < weeks(newest, dto.retention)[0])
        for monday in missing:
            await self._partitions.create(monday)
        dropped = await self._drop(over)
        return OutputSuccessContext(MaintenanceReport(missing, dropped, over[len(dropped) :]))

    async def _drop(self, mondays: Sequence[date]) -> Sequence[date]:
        """Those that could be. Who waits for a lock makes others wait: after the first in vain, no more."""
        for place, monday in enumerate(mondays):
            if not await self._partitions.drop(monday):
                return mondays[:place]
        return mondays
