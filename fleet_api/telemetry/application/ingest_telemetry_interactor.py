from collections.abc import Iterator, Sequence
from dataclasses import replace

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.application.reception import Reception
from fleet_api.telemetry.domain.entities.telemetry_receipt import PointOutcome
from fleet_api.telemetry.domain.ingest_dto import (
    Chunk,
    IngestTelemetryDto,
    LineFault,
    Progress,
    RefusedLines,
    TelemetryIngests,
)
from fleet_api.telemetry.domain.reporting_vehicles import ReportingVehicles
from fleet_api.telemetry.domain.reports import Reports
from fleet_api.telemetry.domain.telemetry_errors import ingested_by_another


class IngestTelemetryInteractor(BaseInteractor[IngestTelemetryDto, Progress]):
    """Take in a chunk of a file together with how far that brings it, so that no kill can part the two.

    The points make no trips, crossings or events: it is history.
    """

    requires = Permission.TELEMETRY_RECORD
    is_deed = False  # measurements

    def __init__(
        self, reception: Reception, vehicles: ReportingVehicles, ingests: TelemetryIngests, refused: RefusedLines
    ) -> None:
        self._reception = reception
        self._vehicles = vehicles
        self._ingests = ingests
        self._refused = refused

    async def process(self, dto: IngestTelemetryDto) -> OutputContext[Progress]:
        before, chunk = dto.before, dto.chunk
        if dto.fingerprint and await self._ingests.hold(dto.fingerprint) != before:
            return ingested_by_another()
        received = await self._reception.receive(await self._identified(chunk))
        receipt = received.intake.receipt()
        faults = sorted([*chunk.faults, *_rejected(chunk.lines, receipt.exceptions)], key=lambda fault: fault.line)
        progress = Progress(
            offset=chunk.offset,
            line=chunk.line,
            accepted=before.accepted + receipt.accepted,
            duplicate=before.duplicate + receipt.duplicate,
            late=before.late + receipt.late,
            refused=before.refused + len(faults),
            # Told before the commit: what is told of a chunk that is then undone will be told over.
            refused_bytes=self._refused.tell(faults, before.refused_bytes),
            is_whole=chunk.is_last,
        )
        if dto.fingerprint:
            await self._ingests.save(dto.fingerprint, progress)
        return OutputSuccessContext(progress)

    async def _identified(self, chunk: Chunk) -> Reports:
        """With the ids of vehicles that are told by their VIN."""
        if not chunk.vins:
            return chunk.reports
        found = await self._vehicles.by_vins({vin for vin in chunk.vins if vin is not None})
        pairs = zip(chunk.reports.vehicle_id, chunk.vins, strict=True)
        return replace(chunk.reports, vehicle_id=[id if vin is None else found.get(vin) for id, vin in pairs])


def _rejected(lines: Sequence[int], exceptions: Sequence[PointOutcome]) -> Iterator[LineFault]:
    for each in exceptions:
        if each.fault is not None:
            yield LineFault(lines[each.index], each.fault.code, each.fault.message.en, each.fault.field)
