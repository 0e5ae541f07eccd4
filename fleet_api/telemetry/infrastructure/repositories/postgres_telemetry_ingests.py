from dataclasses import asdict, fields

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Insert, insert

from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.telemetry.domain.ingest_dto import Progress, TelemetryIngests
from fleet_api.telemetry.infrastructure.repositories.telemetry_ingests_table import telemetry_ingests
from fleet_api.telemetry.infrastructure.repositories.unnested import excluded

_table = telemetry_ingests.c
_PROGRESS = [_table[field.name] for field in fields(Progress)]


class PostgresTelemetryIngests(TelemetryIngests):
    """Beside tenancy: a file is nobody's."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def hold(self, fingerprint: str) -> Progress:
        # So that there is a row to lock, too, for the second of two who begin at once.
        await self._transaction.execute(_put(fingerprint, Progress()).on_conflict_do_nothing())
        asked = select(*_PROGRESS).where(_table.fingerprint == fingerprint).with_for_update()
        return Progress(*(await self._transaction.execute(asked)).one())

    async def save(self, fingerprint: str, progress: Progress) -> None:
        put = _put(fingerprint, progress)
        kept = excluded(put, telemetry_ingests, "fingerprint")
        await self._transaction.execute(put.on_conflict_do_update(index_elements=["fingerprint"], set_=kept))


def _put(fingerprint: str, progress: Progress) -> Insert:
    values = {"fingerprint": fingerprint, **asdict(progress), "changed_at": func.now()}
    return insert(telemetry_ingests).values(values)
