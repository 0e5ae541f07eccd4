from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.ingest_dto import BeginIngestDto, Progress, TelemetryIngests


class BeginIngestInteractor(BaseInteractor[BeginIngestDto, Progress]):
    """Tell how far a file has come in; or let it begin again."""

    requires = Permission.TELEMETRY_RECORD

    def __init__(self, ingests: TelemetryIngests) -> None:
        self._ingests = ingests

    async def process(self, dto: BeginIngestDto) -> OutputContext[Progress]:
        progress = await self._ingests.hold(dto.fingerprint)
        if dto.again:
            progress = Progress()
            await self._ingests.save(dto.fingerprint, progress)
        return OutputSuccessContext(progress)
