"""Loading a file of vehicle models into the catalogue: what it refuses, it tells line by line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress

from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from fleet_api.vehicles.domain.open_ev_data import ModelDraft, Refusal, parse_line
from fleet_api.vehicles.domain.vehicle_model_dto import ImportVehicleModelsDto
from fleet_api.vehicles.infrastructure.vehicles_depends import import_vehicle_models_depends

T = TypeVar("T")

_CHUNK = 500


class ImportFailedError(Exception):
    """The text says what stood in the way."""


@dataclass
class ImportSummary:
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def is_vain(self) -> bool:
        """Whether there was something to load, and none of it was fit."""
        return self.refused > 0 and not self.inserted + self.updated + self.unchanged

    def __str__(self) -> str:
        return f"Inserted {self.inserted}, updated {self.updated}, unchanged {self.unchanged}, refused {self.refused}."


async def import_models(database_url: str, services: Services, path: Path) -> ImportSummary:
    """Chunk by chunk, each in a transaction. Raises `ImportFailedError` when the file or the database is out of reach.

    Refused lines go to standard error as `line N: CODE reason`, under a bar that shows on a terminal.
    """
    summary = ImportSummary()
    database = Database(database_url, pool_size=1)
    unit_of_work = UnitOfWork(database, services)
    try:
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            for drafts in _chunks(_drafts(path, progress, summary)):
                await _put(unit_of_work, drafts, summary)
    finally:
        await database.close()
    return summary


def _drafts(path: Path, progress: Progress, summary: ImportSummary) -> Iterator[ModelDraft]:
    try:
        # Bytes that are no UTF-8 spoil their line, not the file.
        with progress.open(path, "r", encoding="utf-8-sig", errors="surrogateescape", description=path.name) as lines:
            for number, line in enumerate(lines, 1):
                outcome = parse_line(line.strip()) if line.strip() else None
                if isinstance(outcome, Refusal):
                    summary.refused += 1
                    progress.console.print(
                        f"line {number}: {outcome.code} {outcome.reason}", markup=False, highlight=False, soft_wrap=True
                    )
                elif outcome is not None:
                    yield outcome
    except OSError as error:
        raise ImportFailedError(f"{path} cannot be read: {error.strerror}.") from error


def _chunks(items: Iterable[T]) -> Iterator[tuple[T, ...]]:
    remaining = iter(items)
    return iter(lambda: tuple(islice(remaining, _CHUNK)), ())


async def _put(unit_of_work: UnitOfWork, drafts: tuple[ModelDraft, ...], summary: ImportSummary) -> None:
    dto = ImportVehicleModelsDto(idempotency_key=None, drafts=drafts)
    output = await unit_of_work.write(import_vehicle_models_depends, dto, Viewer.system())
    if isinstance(output, OutputErrorContext):
        raise ImportFailedError(f"The catalogue cannot be written: {output.code}. {output.message.en}")
    summary.inserted += output.data.inserted
    summary.updated += output.data.updated
    summary.unchanged += output.data.unchanged
