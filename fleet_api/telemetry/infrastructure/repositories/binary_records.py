"""Rows in PostgreSQL's binary COPY format, made by the column."""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import repeat
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, Float, Integer, Text, Uuid

Given = tuple[Column[Any], Sequence[Any]]

_HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_END = struct.pack(">h", -1)
_NULL = struct.pack(">i", -1)
_EPOCH = round(datetime(2000, 1, 1, tzinfo=UTC).timestamp() * 1_000_000)


def binary_records(columns: Sequence[Given]) -> bytes:
    """columns: with the values of each, of the same length. Raises `TypeError` for a type that it cannot write."""
    if any(_differs_in_length(*each) for each in columns):
        fields = [_fields(*each) for each in columns]
        rows: Iterable[bytes] = map(b"".join, zip(repeat(struct.pack(">h", len(columns))), *fields, strict=False))
    else:
        forms, values = [">h"], list[Iterable[Any]]([repeat(len(columns))])
        for each in columns:
            form, size, packed = _form(*each)
            forms.append(f"i{form}")
            values += [repeat(size), packed]
        rows = map(struct.Struct("".join(forms)).pack, *values)
    return b"".join([_HEAD, *rows, _END])


def _differs_in_length(column: Column[Any], values: Sequence[Any]) -> bool:
    if isinstance(column.type, Text):
        return len(set(map(len, set(values)))) > 1
    return bool(column.nullable) and None in values


def _fields(column: Column[Any], values: Sequence[Any]) -> Iterator[bytes]:
    """Each with its length before it."""
    if isinstance(column.type, Text):
        texts = {text: _text(text) for text in set(values)}
        return map(texts.__getitem__, values)
    if column.nullable and None in values:
        there = _fields(column, [value for value in values if value is not None])
        return (_NULL if value is None else next(there) for value in values)
    form, size, packed = _form(column, values)
    return map(struct.Struct(f">i{form}").pack, repeat(size), packed)


def _text(text: str) -> bytes:
    content = text.encode()
    return struct.pack(">i", len(content)) + content


def _form(column: Column[Any], values: Sequence[Any]) -> tuple[str, int, Iterable[Any]]:
    """How a value is packed, in how many bytes, and what."""
    if isinstance(column.type, Text):
        texts = {text: text.encode() for text in set(values)}
        size = len(next(iter(texts.values())))
        return f"{size}s", size, map(texts.__getitem__, values)
    for kind, form, size, converted in _FORMS:
        if isinstance(column.type, kind):
            return form, size, converted(values) if converted else values
    raise TypeError(f"{column.name} is of a type that is not written")


def _micros(times: Sequence[datetime]) -> Sequence[int]:
    # A float has room for the microseconds of some centuries.
    return [round(time.timestamp() * 1_000_000) - _EPOCH for time in times]


def _bytes(ids: Sequence[UUID]) -> Iterable[bytes]:
    return map(attrgetter("bytes"), ids)


_FORMS: Sequence[tuple[type[Any], str, int, Callable[[Sequence[Any]], Iterable[Any]] | None]] = (
    (DateTime, "q", 8, _micros),
    (Float, "d", 8, None),
    (Integer, "i", 4, None),
    (Boolean, "?", 1, None),
    (Uuid, "16s", 16, _bytes),
)
