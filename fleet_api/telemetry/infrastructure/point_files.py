"""Files of points, read chunk by chunk: one JSON object a line, or CSV with a header."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, BinaryIO, Protocol
from uuid import UUID

import orjson

from fleet_api.telemetry.domain.ingest_dto import Chunk, LineFault
from fleet_api.telemetry.domain.point_columns import INTEGERS, KNOWN, NEEDED, TEXTS, VEHICLE, VIN, points_of
from fleet_api.telemetry.infrastructure.line_reader import LONGEST_LINE, LineReader
from fleet_api.telemetry.infrastructure.repositories.postgres_telemetry_bulk import RecordedReports

LINES = 10_000

Columns = dict[str, Sequence[Any]]


class UnreadableFileError(Exception):
    """The text says what is wrong with the file."""


class Form(Protocol):
    """How lines say what they say."""

    def columns(self, lines: Sequence[bytes], numbers: Sequence[int]) -> tuple[Columns, Sequence[int], list[LineFault]]:
        """What they say field by field, the numbers of the lines that do, and the others."""
        ...


class PointFile:
    """An open file. Raises `UnreadableFileError` for one of neither form.

    vehicle_id_of: what a global id stands for. takes_vins: whether a vin may stand for one.
    """

    def __init__(self, file: BinaryIO, vehicle_id_of: Callable[[str], UUID | None], *, takes_vins: bool = True) -> None:
        self._lines = LineReader(file)
        self._vehicle_id_of = vehicle_id_of
        self._takes_vins = takes_vins
        self._form = self._recognised()

    def go_on(self, offset: int, line: int) -> None:
        """Passes over what came in already; the first line of a CSV has been read by now."""
        if offset > self._lines.offset:
            self._lines.seek(offset, line)

    def next(self) -> Chunk | None:
        """None at the end of the file."""
        first = self._lines.line + 1
        lines = self._lines.take(LINES)
        if not lines:
            return None
        numbers: Sequence[int] = range(first, first + len(lines))
        faults: list[LineFault] = []
        if max(map(len, lines)) > LONGEST_LINE or any(map(bytes.isspace, lines)):
            faults = [LineFault(n, *_TOO_LONG) for n, line in zip(numbers, lines, strict=True) if _is_long(line)]
            numbered = [
                (n, line) for n, line in zip(numbers, lines, strict=True) if line.strip() and not _is_long(line)
            ]
            numbers, lines = [number for number, _ in numbered], [line for _, line in numbered]
        columns, told, unread = self._form.columns(lines, numbers)
        points = points_of(columns, told, self._vehicle_id_of)
        if points.vins and not self._takes_vins:
            raise UnreadableFileError("it tells vehicles by their vin, so it takes --provider to say whose they are")
        faults += [*unread, *points.faults]
        # What tells a vehicle by its vin cannot be recorded before that is known.
        reports = points.reports if points.vins or not points.lines else RecordedReports.of_reports(points.reports)
        at = self._lines.offset, self._lines.line
        return Chunk(reports, points.lines, points.vins, faults, *at, is_last=not self._lines.peek())

    def _recognised(self) -> Form:
        while (first := self._lines.peek()).isspace():
            self._lines.take(1)
        text = first.lstrip()
        if text.startswith(b"{") or not first:
            return JsonLines()
        if text.startswith(b"["):
            raise UnreadableFileError("it is a JSON array: write one object a line instead")
        return Csv(self._lines.take(1)[0])


_TOO_LONG = ("LINE_TOO_LONG", f"A line has at most {LONGEST_LINE} bytes.")


def _is_long(line: bytes) -> bool:
    return len(line) > LONGEST_LINE


class JsonLines:
    def columns(self, lines: Sequence[bytes], numbers: Sequence[int]) -> tuple[Columns, Sequence[int], list[LineFault]]:
        faults: list[LineFault] = []
        try:
            objects = list(map(orjson.loads, lines))
        except orjson.JSONDecodeError:
            objects = [_json(line) for line in lines]
        given = set[str]().union(*objects) if set(map(type, objects)) <= {dict} else {_NO_OBJECT}
        if not given <= KNOWN:
            told = list(zip(objects, numbers, lines, strict=True))
            faults = [fault for each in told if (fault := _fault(*each))]
            refused = {fault.line for fault in faults}
            objects, numbers = [o for o, n, _ in told if n not in refused], [n for n in numbers if n not in refused]
            given = set[str]().union(*objects)
        return {name: _column(name, objects) for name in sorted(given)}, numbers, faults


def _column(name: str, objects: Sequence[dict[str, Any]]) -> Sequence[Any]:
    try:
        return list(map(itemgetter(name), objects))
    except KeyError:
        return [each.get(name) for each in objects]


_NO_OBJECT = "no field of anything"


def _json(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _fault(said: Any, number: int, line: bytes) -> LineFault | None:
    if not isinstance(said, dict):
        end = "" if line.endswith(b"\n") else " The file ends within it."
        return LineFault(number, "INVALID_JSON", f"The line is not one JSON object in UTF-8.{end}")
    unknown = sorted(said.keys() - KNOWN)
    message = "A point has no such field."
    return LineFault(number, "UNKNOWN_FIELD", message, unknown[0][:100]) if unknown else None


@dataclass(frozen=True, slots=True)
class Csv:
    names: Sequence[str]

    def __init__(self, header: bytes) -> None:
        names = [name.strip() for name in next(iter(_cells([header]) or [[]]))]
        if not names:
            raise UnreadableFileError("it is neither one JSON object a line nor a CSV")
        if unknown := [name for name in names if name not in KNOWN]:
            raise UnreadableFileError(f"it begins with no header of a CSV: {unknown[0][:50]!r} is no field of a point")
        if len(set(names)) < len(names):
            raise UnreadableFileError("its header names a column twice")
        needed = [*NEEDED, *([] if VIN in names else [VEHICLE])]
        if missing := [name for name in needed if name not in names]:
            raise UnreadableFileError(f"it lacks the column {', '.join(missing)}")
        object.__setattr__(self, "names", names)

    def columns(self, lines: Sequence[bytes], numbers: Sequence[int]) -> tuple[Columns, Sequence[int], list[LineFault]]:
        faults: list[LineFault] = []
        rows = _cells(lines)
        if rows is None or set(map(len, rows)) - {len(self.names)}:
            read = [(_cells([line]) or [[]])[0] for line in lines]
            message = f"The line does not have the header's {len(self.names)} cells, in UTF-8."
            bad = {n for n, cells in zip(numbers, read, strict=True) if len(cells) != len(self.names)}
            faults = [LineFault(number, "INVALID_CSV", message) for number in sorted(bad)]
            rows = [cells for cells in read if len(cells) == len(self.names)]
            numbers = [number for number in numbers if number not in bad]
        columns = zip(*rows, strict=True) if rows else [()] * len(self.names)
        return {name: _said(name, cells) for name, cells in zip(self.names, columns, strict=True)}, numbers, faults


def _cells(lines: Sequence[bytes]) -> list[list[str]] | None:
    """A row for each line; None where one is none."""
    try:
        rows = list(csv.reader([line.decode() for line in lines], strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    return rows if len(rows) == len(lines) else None


def _said(name: str, cells: Sequence[str]) -> Sequence[Any]:
    """What cells say; one that says nothing of its kind says its text."""
    if name in TEXTS:
        return [cell or None for cell in cells]
    read = _TRUTHS.__getitem__ if name == "pluggedIn" else int if name in INTEGERS else float
    try:
        if "_" not in "".join(cells):  # which Python reads over
            return [read(cell) if cell else None for cell in cells]
    except (ValueError, KeyError):
        pass
    return [_cell(read, cell) for cell in cells]


def _cell(read: Callable[[str], Any], cell: str) -> Any:
    try:
        return cell if "_" in cell else read(cell) if cell else None
    except (ValueError, KeyError):
        return cell


_TRUTHS: Mapping[str, bool] = {"true": True, "false": False}
