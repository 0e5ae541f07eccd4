"""The lines of a file, many at once, and where one is."""

from collections.abc import Sequence
from typing import BinaryIO

LONGEST_LINE = 64 * 1024

_BLOCK = 1024 * 1024
_BOM = b"\xef\xbb\xbf"


class LongLine(bytes):
    """The beginning of a line that is longer than any should be. size: of all of it."""

    size: int


class LineReader:
    """offset, line: how many bytes and lines were taken."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lines: list[bytes] = []
        self._rest = b""
        self._ended = False
        self.offset = 0
        self.line = 0

    def seek(self, offset: int, line: int) -> None:
        self._file.seek(offset)
        self._lines, self._rest, self._ended = [], b"", False
        self.offset, self.line = offset, line

    def peek(self) -> bytes:
        """The next line; nothing at the end."""
        self._fill(1)
        return self._lines[0].removeprefix(b"" if self.line else _BOM) if self._lines else b""

    def take(self, most: int) -> Sequence[bytes]:
        """The next lines with their ends; fewer than `most` before the end of the file only."""
        self._fill(most)
        taken = self._lines[:most]
        del self._lines[:most]
        self.offset += sum(map(len, taken))
        if taken and max(map(len, taken)) > LONGEST_LINE:
            self.offset += sum(line.size - len(line) for line in taken if isinstance(line, LongLine))
        if taken and not self.line:
            taken[0] = taken[0].removeprefix(_BOM)
        self.line += len(taken)
        return taken

    def _fill(self, most: int) -> None:
        while len(self._lines) < most and not self._ended:
            block = self._file.read(_BLOCK)
            content, self._ended = self._rest + block, not block
            cut = len(content) if self._ended else content.rfind(b"\n") + 1
            lines = content[:cut].splitlines(keepends=True)
            self._lines += lines if max(map(len, lines), default=0) <= LONGEST_LINE else map(_shortened, lines)
            self._rest = content[cut:]
            if len(self._rest) > LONGEST_LINE:
                self._lines.append(self._long_line())

    def _long_line(self) -> LongLine:
        """Reads on to its end, and keeps how it begins."""
        line, size = _shortened(self._rest), len(self._rest)
        while (piece := self._file.readline(_BLOCK)) and not piece.endswith(b"\n"):
            size += len(piece)
        assert isinstance(line, LongLine)  # noqa: S101 - who asks looked at its length
        line.size, self._rest = size + len(piece), b""
        return line


def _shortened(line: bytes) -> bytes:
    if len(line) <= LONGEST_LINE:
        return line
    short = LongLine(line[: LONGEST_LINE + 1])
    short.size = len(line)
    return short
