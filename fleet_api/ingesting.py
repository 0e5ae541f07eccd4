"""Taking a file of points into the history: it goes on where it was cut off, and tells what it refused."""

import asyncio
import hashlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar
from uuid import UUID

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import TaskID

from fleet_api.graphql.telemetry.inputs import vehicle_id_of
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from fleet_api.telemetry.domain.ingest_dto import BeginIngestDto, Chunk, IngestTelemetryDto, Progress
from fleet_api.telemetry.infrastructure.point_files import PointFile, UnreadableFileError
from fleet_api.telemetry.infrastructure.refused_file import RefusedFile
from fleet_api.telemetry.infrastructure.telemetry_depends import begin_ingest_depends, ingest_telemetry_depends

T = TypeVar("T")

_HEAD_BYTES = 64 * 1024
_CHUNK_SECONDS = 60.0
_STDIN = Path("-")


class IngestFailedError(Exception):
    """The text says what stood in the way."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """progress: of all runs together. by_code: refused lines. was_whole: there was nothing left to do."""

    progress: Progress
    by_code: Counter[str]
    refused_path: Path
    was_whole: bool

    def __str__(self) -> str:
        at, told = self.progress, " This file came in before: --again starts over." if self.was_whole else ""
        summary = f"Accepted {at.accepted}, late {at.late}, duplicate {at.duplicate}, refused {at.refused}.{told}"
        codes = "".join(f"\n  {count} {code}" for code, count in self.by_code.most_common())
        return f"{summary}{codes}\n  Line by line: {self.refused_path}" if at.refused else summary


async def ingest(database_url: str, services: Services, path: Path, provider: UUID | None, *, again: bool) -> Ingested:
    """Chunk by chunk, each in a transaction that tells how far the file has come.

    Raises `UnreadableFileError`, and `IngestFailedError` when the database is out of reach.
    """
    database = Database(database_url, pool_size=1)
    viewer = Viewer("ingest", Role.DEVICE, provider) if provider else Viewer.system()
    try:
        with _opened(path) as file, _shown(path) as bar:
            ingesting = _Ingesting(UnitOfWork(database, services, deadline_s=_CHUNK_SECONDS), viewer, path, file, bar)
            return await ingesting.run(again=again)
    finally:
        await database.close()


class _Ingesting:
    def __init__(self, unit_of_work: UnitOfWork, viewer: Viewer, path: Path, file: BinaryIO, bar: Bar) -> None:
        self._unit_of_work = unit_of_work
        self._viewer = viewer
        self._fingerprint = None if path == _STDIN else _fingerprint(file, viewer)
        self._refused = RefusedFile(Path(f"{'stdin' if path == _STDIN else path}.refused.ndjson"))
        self._points = PointFile(file, vehicle_id_of, takes_vins=viewer.provider_id is not None)
        self._bar = bar
        self._task: TaskID = bar.task_ids[0]
        self._coming: asyncio.Task[Chunk | None] | None = None

    async def run(self, *, again: bool) -> Ingested:
        progress = await self._begin(again)
        was_whole = progress.is_whole
        if not was_whole:
            progress = await self._go_on(progress)
        return Ingested(progress, self._refused.counted(), self._refused.path, was_whole)

    async def _begin(self, again: bool) -> Progress:
        if self._fingerprint is None:
            return Progress()
        dto = BeginIngestDto(fingerprint=self._fingerprint, again=again)
        return _answer(await self._unit_of_work.write(begin_ingest_depends, dto, self._viewer))

    async def _go_on(self, progress: Progress) -> Progress:
        self._points.go_on(progress.offset, progress.line)
        depends = ingest_telemetry_depends(self._refused, meanwhile=self._read_ahead)
        while chunk := await self._next():
            dto = IngestTelemetryDto(fingerprint=self._fingerprint, before=progress, chunk=chunk)
            progress = _answer(await self._unit_of_work.write(depends, dto, self._viewer))
            self._bar.update(self._task, completed=progress.offset)
        return progress

    def _read_ahead(self) -> None:
        """Begins with the next chunk. Not before PostgreSQL has a lot to do: Python does one thing at a time."""
        self._coming = asyncio.create_task(asyncio.to_thread(self._points.next))

    async def _next(self) -> Chunk | None:
        if self._coming is None:
            self._read_ahead()
        coming, self._coming = self._coming, None
        return await coming if coming else None


def _answer(output: OutputContext[T]) -> T:
    if isinstance(output, OutputErrorContext):
        raise IngestFailedError(f"The points cannot be written: {output.code}. {output.message.en}")
    return output.data


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if path == _STDIN:
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise UnreadableFileError(f"{error.strerror}") from error
    with file:
        yield file


@contextmanager
def _shown(path: Path) -> Iterator[Bar]:
    """A bar that shows on a terminal."""
    console = Console(stderr=True)
    size = path.stat().st_size if path.is_file() else None
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        bar.add_task(path.name, total=size)
        yield bar


def _fingerprint(file: BinaryIO, viewer: Viewer) -> str:
    """Tells files apart by their size and how they begin. Whose vehicles are meant makes another ingest of one."""
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    told = f"{viewer.provider_id}/{os.fstat(file.fileno()).st_size}/".encode()
    return hashlib.sha256(told + head).hexdigest()
