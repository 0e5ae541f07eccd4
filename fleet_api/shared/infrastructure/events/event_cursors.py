"""Cursors of the event log: opaque to clients, sealed so that nobody makes up their own, and good for one audience."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from itertools import accumulate, pairwise

from fleet_api.shared.domain.event_log import Position
from fleet_api.shared.domain.page import MAX_CURSOR_LENGTH, invalid_cursor
from fleet_api.shared.domain.snapshot import Snapshot
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.sight import reach_of

_SEAL_BYTES = 8
_ID = re.compile(r"[0-9]{1,18}")  # which are less than any bigint can be


class EventCursors:
    """A cursor is a stem, which all events that one look at the log found share, and the id of one of them: sealing
    takes longer than rendering an event."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def stem(self, position: Position, audience: str) -> str:
        """Of the position but for its id: `f"{stem}{id}"` is a cursor. audience: from `audience_of`; to others, it is
        none."""
        numbers = [position.at, position.floor, *_numbers(position.seen), *_numbers(position.reading)]
        body = b"".join(map(_varint, numbers))
        return urlsafe_b64encode(body + self._seal(body, audience)).decode().rstrip("=") + "."

    def position(self, cursor: str, audience: str, field: str = "after") -> Position:
        """Raises `Refused` (INVALID_CURSOR)."""
        try:
            if len(cursor) > MAX_CURSOR_LENGTH:
                raise ValueError
            stem, _, id = cursor.partition(".")
            sealed = urlsafe_b64decode(stem + "=" * (-len(stem) % 4))
            body, seal = sealed[:-_SEAL_BYTES], sealed[-_SEAL_BYTES:]
            if not hmac.compare_digest(seal, self._seal(body, audience)) or not _ID.fullmatch(id):
                raise ValueError
            numbers = _varints(body)
            at, floor = next(numbers), next(numbers)
            seen, reading = _snapshot(numbers), _snapshot(numbers)
            return Position(seen, reading, floor, int(id), at)
        except (ValueError, StopIteration):
            raise invalid_cursor(field) from None

    def _seal(self, body: bytes, audience: str) -> bytes:
        return hmac.digest(self._secret, audience.encode() + b"\0" + body, hashlib.sha256)[:_SEAL_BYTES]


def audience_of(viewer: Viewer) -> str:
    """All who see the same part of the log may use each other's cursors: colleagues of a provider, but no drivers."""
    return f"{reach_of(viewer).name}:{viewer.provider_id}:{viewer.driver_id}"


def _numbers(snapshot: Snapshot) -> list[int]:
    """Small ones, as far as may be."""
    steps = [later - earlier for earlier, later in pairwise([snapshot.xmin, *snapshot.running])]
    return [snapshot.xmin, snapshot.xmax - snapshot.xmin, snapshot.newest, len(steps), *steps]


def _snapshot(numbers: Iterator[int]) -> Snapshot:
    xmin, width, newest, count = (next(numbers) for _ in range(4))
    running = accumulate((next(numbers) for _ in range(count)), initial=xmin)
    return Snapshot(xmin, xmin + width, tuple(running)[1:], newest)


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def _varints(body: bytes) -> Iterator[int]:
    number, shift = 0, 0
    for byte in body:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number, shift = 0, 0
