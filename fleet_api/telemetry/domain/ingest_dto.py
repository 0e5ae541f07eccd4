"""Files of points: how they come in, chunk by chunk."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import InstanceOf

from fleet_api.shared.domain.dto import CommandDto
from fleet_api.telemetry.domain.reports import Reports


@dataclass(frozen=True, slots=True)
class LineFault:
    """Why a line was refused. code: stable. field: at fault, as the file spells it; None for the whole line."""

    line: int
    code: str
    message: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file has come in. offset: the byte where it goes on. line: how many lines lie before that.
    refused_bytes: how much tells of refused lines. is_whole: nothing is left to read."""

    offset: int = 0
    line: int = 0
    accepted: int = 0
    duplicate: int = 0
    late: int = 0
    refused: int = 0
    refused_bytes: int = 0
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines of a file that follow each other. lines: the number of each report's. vins: of vehicles that are not
    told by their id; empty where none is. faults: of lines that are no points. offset, line: where the file goes on.
    is_last: it does not."""

    reports: Reports
    lines: Sequence[int]
    vins: Sequence[str | None]
    faults: Sequence[LineFault]
    offset: int
    line: int
    is_last: bool


class BeginIngestDto(CommandDto):
    """fingerprint: of the file. again: whatever came in of it counts for nothing."""

    fingerprint: str
    again: bool


class IngestTelemetryDto(CommandDto):
    """fingerprint: of the file; None for a stream, which nobody can go on with. before: how far it has come."""

    fingerprint: str | None
    before: InstanceOf[Progress]
    chunk: InstanceOf[Chunk]


class RefusedLines(ABC):
    """Where refused lines are told."""

    @abstractmethod
    def tell(self, faults: Sequence[LineFault], after: int) -> int:
        """After the first `after` bytes, whatever was there. Answers how many bytes there are now."""


class TelemetryIngests(ABC):
    """How far files have come."""

    @abstractmethod
    async def hold(self, fingerprint: str) -> Progress:
        """Locked until the unit of work ends."""

    @abstractmethod
    async def save(self, fingerprint: str, progress: Progress) -> None: ...
