"""Looks as messages between processes: sealed, since others use the same NATS, and in parts where they are large."""

import hashlib
import hmac
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson

from fleet_api.shared.domain.events import SORTS
from fleet_api.shared.domain.snapshot import Snapshot
from fleet_api.shared.infrastructure.events.postgres_event_log import RECORDED
from fleet_api.shared.infrastructure.events.tail import Look, Mark, Told

_VERSION = 1
_SEAL_BYTES = 16
# Of more, those who follow read the look themselves: it would crowd out what comes after it.
_MOST_PARTS = 32

_FIELDS = attrgetter(*(column.name for column in RECORDED))


class LookMessages:
    """Of one process: what it tells, and what it hears. secret: what all processes of a database share."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._look_id = ""
        self._told: list[Told] = []
        self._parts = 0

    def written(self, look: Look, room: int) -> Sequence[bytes]:
        """Parts of so many bytes each, and a little more; none where they would be too many."""
        told = [[*_FIELDS(each.event), each.transaction, each.lineage] for each in look.told]
        parts = list(_parts(told, room))
        if len(parts) > _MOST_PARTS:
            return []
        head = {
            "v": _VERSION,
            "look": os.urandom(8).hex(),
            "of": len(parts),
            "at": look.at,
            "mark": look.mark and list(look.mark),
        }
        head |= {"seen": _written(look.seen), "reading": _written(look.reading)}
        bodies = (orjson.dumps({**head, "part": n, "told": orjson.Fragment(part)}) for n, part in enumerate(parts))
        return [self._seal(body) + body for body in bodies]

    def read(self, message: bytes) -> Look | None:
        """The look, when it has all its parts. Raises `ValueError` for what is none of ours, or of another version."""
        seal, body = message[:_SEAL_BYTES], message[_SEAL_BYTES:]
        if not hmac.compare_digest(seal, self._seal(body)):
            raise ValueError("not sealed by us")
        try:
            part = orjson.loads(body)
            if part["v"] != _VERSION:
                raise ValueError("of another version")
            return self._put_together(part)
        except (KeyError, TypeError) as error:
            raise ValueError("not of this version") from error

    def _put_together(self, part: dict[str, Any]) -> Look | None:
        told = [_told(*row) for row in part["told"]]
        if part["part"] == 0:
            self._look_id, self._told, self._parts = part["look"], [], 0
        if (part["look"], part["part"]) != (self._look_id, self._parts):
            return None  # something before it was lost, as whoever takes the next look will see
        self._told += told
        self._parts += 1
        if self._parts < part["of"]:
            return None
        told, self._told, self._look_id = self._told, [], ""
        mark = None if part["mark"] is None else Mark(*part["mark"])
        return Look(_snapshot(*part["seen"]), _snapshot(*part["reading"]), part["at"], told, mark)

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, body, hashlib.sha256)[:_SEAL_BYTES]


def _written(snapshot: Snapshot) -> tuple[str, int]:
    return str(snapshot), snapshot.newest


def _snapshot(text: str, newest: int) -> Snapshot:
    return replace(Snapshot.parse(text), newest=newest)


def _parts(told: Sequence[Any], room: int) -> Iterator[bytes]:
    written = orjson.dumps(told, default=str)  # asyncpg has a UUID of its own
    if len(written) <= room or len(told) == 1:
        yield written
        return
    middle = len(told) // 2
    yield from _parts(told[:middle], room)
    yield from _parts(told[middle:], room)


def _told(*row: Any) -> Told:
    id, kind, subject, sequence, provider, driver, thing, before, after, changed, actor, at, transaction, lineage = row
    event = SORTS[kind].recorded_as(
        id,
        kind,
        UUID(subject),
        sequence,
        UUID(provider),
        None if driver is None else UUID(driver),
        None if thing is None else UUID(thing),
        before,
        after,
        changed,
        actor,
        datetime.fromisoformat(at),
    )
    return Told(event, transaction, [UUID(each) for each in lineage])
