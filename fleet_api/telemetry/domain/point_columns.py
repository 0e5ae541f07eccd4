"""What the lines of a file say of points, field by field: which of them are points, and what is wrong with the rest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from types import NoneType
from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel

from fleet_api.telemetry.domain.ingest_dto import LineFault
from fleet_api.telemetry.domain.reports import Reports, some

Column = Sequence[Any]

VEHICLE, VIN = "vehicleId", "vin"
NAMES = {to_camel(field.name): field.name for field in fields(Reports)}
KNOWN = frozenset({*NAMES, VIN})
NEEDED = ("recordedAt", "source", "latitude", "longitude")
INTEGERS = frozenset({"sequence", "rangeM", "odometerM", "energyOutWh", "energyRegenWh"})
TEXTS = frozenset({VEHICLE, VIN, "source", "recordedAt"})
_MOST = 2**31 - 1


class Odd(Exception):
    """Some value does not fit its field."""


@dataclass(frozen=True, slots=True)
class PointLines:
    """reports, with the number of each one's line, and its vin where that tells the vehicle; and the other lines."""

    reports: Reports
    lines: Sequence[int]
    vins: Sequence[str | None]
    faults: Sequence[LineFault]


def points_of(
    columns: Mapping[str, Column], lines: Sequence[int], vehicle_id_of: Callable[[str], UUID | None]
) -> PointLines:
    """columns: the fields that some line has, None where one has not. lines: their numbers. vehicle_id_of: what a
    global id stands for."""
    faults: dict[int, LineFault] = {}
    values: dict[str, Column] = {}

    def refuse(place: int, code: str, message: str, name: str | None) -> None:
        faults.setdefault(place, LineFault(lines[place], code, message, name))

    for name, column in columns.items():
        values[name], unfit = _meant(name, column)
        for place in unfit:
            refuse(place, *_UNFIT.get(name, ("INVALID_VALUE", f"The value of {name} is of another type.")), name)
    for name in NEEDED:
        for place in _absent(values.get(name), len(lines)):
            refuse(place, "MISSING_FIELD", f"A point needs its {name}.", name)
    vins = values.get(VIN) or [None] * len(lines)
    for place in _absent(values.get(VEHICLE), len(lines)):
        if not vins[place]:
            refuse(place, "MISSING_FIELD", "A point needs the vehicleId or the vin of its vehicle.", VEHICLE)
    if faults:
        kept = [place for place in range(len(lines)) if place not in faults]
        values, lines = {name: some(column, kept) for name, column in values.items()}, some(lines, kept)
    vins = values.pop(VIN, ())
    values["sequence"] = [0 if number is None else number for number in values.get("sequence") or [0] * len(lines)]
    ids = {id: None if id is None else vehicle_id_of(id) for id in set(values.get(VEHICLE, ()))}
    values[VEHICLE] = list(map(ids.__getitem__, values.get(VEHICLE, ()))) or [None] * len(lines)
    reports = Reports(
        **{NAMES[name]: column for name, column in values.items() if set(map(type, column)) != {NoneType}}
    )
    return PointLines(reports, lines, vins if any(vins) else (), [faults[place] for place in sorted(faults)])


def _absent(column: Column | None, size: int) -> Sequence[int]:
    if column is None:
        return range(size)
    return [place for place, value in enumerate(column) if value is None] if _has_none(column) else ()


def _has_none(column: Column) -> bool:
    return NoneType in set(map(type, column))


def _meant(name: str, column: Column) -> tuple[Column, Sequence[int]]:
    """The values as they are meant, and the places of those that do not fit, where they are None."""
    read = _READERS[name]
    try:
        return read(column), ()
    except Odd:
        pass
    found: list[Any] = []
    for value in column:
        try:
            found += read([value])
        except Odd:
            found.append(None)
    return found, [place for place, value in enumerate(column) if value is not None and found[place] is None]


def _only(kind: type) -> Callable[[Column], Column]:
    def read(column: Column) -> Column:
        if set(map(type, column)) - {kind, NoneType}:
            raise Odd
        return column

    return read


def _integers(column: Column) -> Column:
    kinds = set(map(type, column))
    if kinds - {int, NoneType}:
        raise Odd
    there = [value for value in column if value is not None] if NoneType in kinds else column
    if there and not -_MOST <= min(there) <= max(there) <= _MOST:
        raise Odd
    return column


def _floats(column: Column) -> Column:
    kinds = set(map(type, column))
    if kinds - {float, int, NoneType}:
        raise Odd
    return [None if value is None else float(value) for value in column] if int in kinds else column


def _times(column: Column) -> Column:
    try:
        if not _has_none(column):
            return list(map(datetime.fromisoformat, column))
        return [None if value is None else datetime.fromisoformat(value) for value in column]
    except (TypeError, ValueError):
        raise Odd from None


_UNFIT = {"recordedAt": ("INVALID_TIME", "The time is not in ISO 8601, such as 2026-01-31T08:00:00Z.")}
_READERS: Mapping[str, Callable[[Column], Column]] = {
    **dict.fromkeys(KNOWN, _floats),
    **dict.fromkeys(TEXTS, _only(str)),
    **dict.fromkeys(INTEGERS, _integers),
    "recordedAt": _times,
    "pluggedIn": _only(bool),
}
