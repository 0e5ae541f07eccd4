"""Looks as messages: whole or not at all, and only ours."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from fleet_api.drivers.domain.driver_events import DriverEvent, DriverEventKind
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.snapshot import Snapshot
from fleet_api.shared.infrastructure.events.look_messages import LookMessages
from fleet_api.shared.infrastructure.events.tail import Look, Mark, Told

_SECRET = b"ours"
_KIND = DriverEventKind.DRIVER_UPDATED


def _told(number: int, before: str | None = None) -> Told:
    at = datetime(2026, 1, 2, 3, 4, 5, number, tzinfo=UTC)
    driver = new_id() if number % 2 else None
    event = DriverEvent(
        number, _KIND, new_id(), 7, new_id(), driver, None, before, "å\n", ["fullName", "email"], "dispatcher:me", at
    )
    return Told(event, 4_000_000_000 + number, [new_id(), new_id()])


def _look(count: int) -> Look:
    return Look(
        Snapshot(10, 20, (10, 15), 7),
        Snapshot(20, 30, (), 8),
        1_800_000_000.25,
        [_told(number) for number in range(count)],
        Mark(31, 8),
    )


def _plain(look: Look | None) -> Any:
    assert look is not None
    told = [(each.event, each.transaction, list(each.lineage)) for each in look.told]
    return look.seen, look.reading, look.at, look.mark, told


@pytest.mark.parametrize(("count", "parts"), [(0, 1), (1, 1), (5, 1), (100, 8)])
def test_a_look_arrives_as_it_was(count: int, parts: int) -> None:
    look, reader = _look(count), LookMessages(_SECRET)
    messages = LookMessages(_SECRET).written(look, 4_000)
    assert len(messages) == parts
    assert max(map(len, messages)) < 4_500
    *first, last = map(reader.read, messages)
    assert not any(first)
    assert _plain(last) == _plain(look)


def test_of_one_that_lost_a_part_nothing_arrives_and_the_next_does() -> None:
    for lost in range(8):
        reader, messages = LookMessages(_SECRET), list(LookMessages(_SECRET).written(_look(100), 4_000))
        del messages[lost]
        assert [reader.read(message) for message in messages] == [None] * 7
        (after,) = LookMessages(_SECRET).written(next_look := _look(3), 4_000)
        assert _plain(reader.read(after)) == _plain(next_look)


def test_parts_in_another_order_or_twice_are_no_look() -> None:
    one, other, *rest = LookMessages(_SECRET).written(_look(100), 4_000)
    for messages in ([other, one, *rest], [one, other, other, *rest[1:]], [one, *reversed([other, *rest])]):
        reader = LookMessages(_SECRET)
        assert not any(map(reader.read, messages))


def test_parts_of_two_looks_are_not_mixed() -> None:
    reader = LookMessages(_SECRET)
    one, other = (LookMessages(_SECRET).written(_look(100), 4_000) for _ in range(2))
    mixed = [*one[:4], *other[4:]]
    assert [reader.read(message) for message in mixed] == [None] * 8


def test_one_that_is_too_large_is_not_sent() -> None:
    assert LookMessages(_SECRET).written(_look(800), 4_000) == []


def test_an_event_that_is_larger_than_a_part_travels_alone() -> None:
    look = Look(Snapshot(1, 2), Snapshot(2, 3), 1.0, [_told(1), _told(2, "x" * 9_000), _told(3)])
    reader = LookMessages(_SECRET)
    *_, last = map(reader.read, LookMessages(_SECRET).written(look, 4_000))
    assert _plain(last) == _plain(look)


def test_what_somebody_else_sealed_or_changed_is_refused() -> None:
    (message,) = LookMessages(_SECRET).written(_look(2), 4_000)
    changed = message.replace(b'"20:30:"', b'"20:99:"')
    assert changed != message
    (foreign,) = LookMessages(b"theirs").written(_look(2), 4_000)
    for bad in (changed, foreign, message[:-1], message[16:], b"", b"{}"):
        with pytest.raises(ValueError, match="not sealed by us"):
            LookMessages(_SECRET).read(bad)


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"seen": ["x", 0]},
        {"told": [[1]]},
        {"told": None},
        {"at": ...},
        {"mark": [1]},
        {"of": ...},
        {"part": ...},
    ],
)
def test_what_is_of_another_version_is_refused(change: dict[str, Any]) -> None:
    ours = LookMessages(_SECRET)
    (message,) = ours.written(_look(1), 4_000)
    said = orjson.loads(message[16:]) | change
    body = orjson.dumps({name: value for name, value in said.items() if value is not ...})
    with pytest.raises(ValueError, match=r"version|unpack"):
        ours.read(ours._seal(body) + body)
