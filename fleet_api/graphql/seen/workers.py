"""Several workers share a port, and a scrape meets any of them: so each tells the others, in a file, what it counts."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson

from fleet_api.graphql.seen.families import FAMILIES
from fleet_api.graphql.seen.numbers import Numbers

TELL_S = 2.0
_SILENT_S = 5 * TELL_S
_PREFIX, _SERVER = "fleet-api-workers-", "server"
_COUNTED = tuple(family for family in FAMILIES if not family.is_sampled)


@contextmanager
def place_of_workers() -> Iterator[Path]:
    """A directory of one server, which is gone with it; what a server left that was killed goes, too."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError), _held(left / _SERVER):
            shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as directory, _held(Path(directory) / _SERVER):
        yield Path(directory)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Raises `OSError` where somebody else holds it. The kernel lets go of it with whoever holds it."""
    opened = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)


class Workers:
    """The files of all workers of a server, of which this process holds one. A worker that dies leaves its file to the
    one that follows it, which counts on from there: sums never fall.

    directory: of this server alone; None where there is only one process.
    """

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self.number = "0" if directory is None else str(self._claim(directory))

    @property
    def are_several(self) -> bool:
        return self._directory is not None

    def before(self) -> Numbers:
        """What was counted by the worker whose file this one took over."""
        numbers = Numbers()
        if self._directory is not None and (told := _read(self._directory / f"{self.number}.json")):
            numbers.add(told[1], _COUNTED)
        return numbers

    def tell(self, numbers: Numbers) -> None:
        if self._directory is None:
            return
        cells = {name: [[*labels, values] for labels, values in cells.items()] for name, cells in numbers.cells.items()}
        new = self._directory / f"{self.number}.new"
        new.write_bytes(orjson.dumps({"at": time.time(), "cells": cells}))
        new.replace(self._directory / f"{self.number}.json")  # at once: nobody reads a half

    def all(self, own: Numbers) -> Numbers:
        """With what the others told; of those that are silent, only what they counted."""
        numbers = Numbers()
        numbers.add(own, FAMILIES)
        for at, told in self._others():
            numbers.add(told, FAMILIES if time.time() - at < _SILENT_S else _COUNTED)
        return numbers

    def _others(self) -> Iterator[tuple[float, Numbers]]:
        for path in self._directory.glob("*.json") if self._directory else ():
            if path.stem != self.number and (told := _read(path)):
                yield told

    def _claim(self, directory: Path) -> int:
        """The first file that no living process holds: the kernel lets go of it with whoever held it."""
        for number in range(1000):
            self._held = os.open(directory / f"{number}.lock", os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(self._held)
            else:
                return number
        raise OSError(f"no file is free in {directory}")


def _read(path: Path) -> tuple[float, Numbers] | None:
    try:
        told: dict[str, Any] = orjson.loads(path.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    numbers = Numbers()
    for name, cells in told["cells"].items():
        numbers.cells[name] = {tuple(labels): values for *labels, values in cells}
    return told["at"], numbers
