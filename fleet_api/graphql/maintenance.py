"""The platform's housekeeping: room for the telemetry, events and audit entries to come, and an end to what is old."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import structlog

from fleet_api.drivers.infrastructure.housekeeping import forget_old_sign_ins
from fleet_api.shared.domain.audit_entry_dto import LATE
from fleet_api.shared.domain.maintenance import MaintainDto, MaintenanceReport
from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.audit.audit_depends import maintain_audit_depends
from fleet_api.shared.infrastructure.background import in_the_background
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.events.event_keys import forget_old_event_keys
from fleet_api.shared.infrastructure.events.events_depends import maintain_events_depends
from fleet_api.shared.infrastructure.idempotency import forget_old_keys
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import Depends, UnitOfWork
from fleet_api.telemetry.infrastructure.telemetry_depends import maintain_telemetry_depends

_EVERY_SECONDS = 3_600
_AGAIN_SECONDS = 60

_log = structlog.get_logger(__name__)


class Maintenance:
    """Runs before the first request and every hour, in each process: each finds done what another did."""

    def __init__(self, database: Database, services: Services) -> None:
        self._database = database
        self._unit_of_work = UnitOfWork(database, services)
        self._now = services.now
        self._kept: list[tuple[Depends[MaintainDto, MaintenanceReport], MaintainDto]] = [
            (maintain_telemetry_depends, MaintainDto(retention=services.telemetry_retention)),
            (maintain_events_depends, MaintainDto(retention=services.event_retention)),
            (maintain_audit_depends, MaintainDto(retention=services.audit_retention, late=LATE)),
        ]

    async def run(self) -> bool:
        """Whether all went well. What did not is logged, and can be tried again at any time."""
        well = [await self._keep_room(depends, dto) for depends, dto in self._kept]
        try:
            async with self._database.transaction() as connection:
                await forget_old_keys(connection)
                await forget_old_sign_ins(connection, self._now())
                await forget_old_event_keys(connection)
                await connection.commit()
        except Exception as error:
            _log.warning("maintenance_failed", error=type(error).__name__)
            return False
        return all(well)

    async def _keep_room(self, depends: Depends[MaintainDto, MaintenanceReport], dto: MaintainDto) -> bool:
        output = await self._unit_of_work.write(depends, dto, Viewer.system())
        if isinstance(output, OutputErrorContext):
            return False
        if output.data.postponed:
            _log.warning("partitions_in_use", weeks=[str(monday) for monday in output.data.postponed])
        return not output.data.postponed

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with in_the_background(self._rounds(await self.run())):
            yield

    async def _rounds(self, well: bool) -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS if well else _AGAIN_SECONDS)
            well = await self.run()
