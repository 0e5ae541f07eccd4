"""How looks follow each other, wherever they come from."""

from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_api.shared.domain.snapshot import NOTHING, Snapshot
from fleet_api.shared.infrastructure.events.tail import Batch, Look, Mark, Tail, Told

_FIRST = 100


class _Event:
    def __init__(self, id: int) -> None:
        self.id = id


class _Log:
    """Of a database with transactions that end in another order than they begin, each telling one event: its history
    of snapshots, and what each of two of them shows more than the other."""

    def __init__(self, random: Random) -> None:
        self.history = [Snapshot(_FIRST, _FIRST)]
        running: list[int] = []
        following = _FIRST
        for _ in range(60):
            if running and random.random() < 0.5:
                running.remove(random.choice(running))
            else:
                running.append(following)
                following += 1
            open_ones = tuple(sorted(running))
            newest = max((number for number in range(_FIRST, following) if number not in running), default=0)
            self.history.append(Snapshot(open_ones[0] if open_ones else following, following, open_ones, newest))

    def look(self, seen: Snapshot, reading: Snapshot) -> Look:
        between = [number for number in range(_FIRST, reading.xmax) if reading.shows(number) and not seen.shows(number)]
        return Look(seen, reading, 0.0, [_told(number) for number in between])


def _told(transaction: int) -> Told:
    event: Any = _Event(transaction)
    return Told(event, transaction, [])


@given(st.randoms(use_true_random=False))
def test_whoever_looks_and_whatever_is_lost_each_event_is_told_once(random: Random) -> None:
    log = _Log(random)
    told: list[int] = []
    tail = Tail(lambda batch: told.extend(each.transaction for each in batch.told))
    begun = random.randrange(10)
    tail.begin(log.history[begun], 0)
    moments = sorted(random.sample(range(len(log.history)), 20))
    said = [log.look(log.history[one], log.history[other]) for one, other in pairwise(moments)]
    heard = [look for look in said for _ in range(random.choice([0, 1, 1, 1, 2]))]
    for _ in range(3):  # some come late
        heard.insert(random.randrange(len(heard) + 1), random.choice(said))
    for look in heard:
        if not tail.take(look):
            assert tail.seen is not None
            now = max(look.reading, tail.seen, key=log.history.index)
            assert tail.take(log.look(tail.seen, now))
    assert tail.seen is not None
    last = log.history[-1]
    tail.take(log.look(tail.seen, last))
    assert sorted(told) == [each.transaction for each in log.look(log.history[begun], last).told]


def test_a_batch_says_where_this_follower_was_and_not_the_one_who_looked() -> None:
    batches: list[Batch] = []
    tail = Tail(batches.append)
    tail.begin(Snapshot(10, 14, (12,), 13), 0)
    assert tail.take(
        Look(Snapshot(10, 10, (), 9), Snapshot(16, 16, (), 15), 5.9, [_told(number) for number in (11, 12, 15)])
    )
    (batch,) = batches
    assert (batch.seen, batch.reading, batch.at) == (
        Snapshot(10, 14, (12,), 13),
        Snapshot(16, 16, (), 15),
        5,
    )
    assert [told.transaction for told in batch.told] == [12, 15]


@pytest.mark.parametrize("seen", [None, Snapshot(10, 10)])
def test_what_leaves_a_gap_is_not_taken(seen: Snapshot | None) -> None:
    batches: list[Batch] = []
    tail = Tail(batches.append)
    if seen is not None:
        tail.begin(seen, 0)
    assert not tail.take(Look(Snapshot(12, 12), Snapshot(13, 13), 0.0, [_told(12)]))
    assert (tail.seen, batches) == (seen, [])


def test_a_look_that_went_back_is_not_believed() -> None:
    """Who looked found a database that was put back; whether that is ours, we have to see."""
    tail = Tail(lambda _: None)
    tail.begin(Snapshot(50, 50), 0)
    assert not tail.take(Look(Snapshot(50, 50), Snapshot(20, 20), 0.0, []))
    assert not tail.take(Look(Snapshot(50, 50), NOTHING, 0.0, []))
    assert tail.seen == Snapshot(50, 50)


def test_a_database_that_crashed_is_followed_from_where_it_is() -> None:
    """What had begun when it crashed is forgotten, and its number given to somebody else."""
    told: list[int] = []
    tail = Tail(lambda batch: told.extend(each.transaction for each in batch.told))
    tail.begin(Snapshot(50, 55, (50, 53)), 0)
    tail.go_back(Look(Snapshot(50, 55, (50, 53)), Snapshot(52, 52), 0.0, [_told(50)]))
    assert (tail.seen, told) == (Snapshot(52, 52), [50])
    assert tail.take(Look(Snapshot(52, 52), Snapshot(54, 54), 0.0, [_told(52), _told(53)]))
    assert told == [50, 52, 53]


def test_numbers_that_a_crash_gives_out_again_do_not_hide_what_others_found() -> None:
    told: list[int] = []
    tail = Tail(lambda batch: told.extend(each.event.id for each in batch.told))
    tail.begin(Snapshot(58, 58, (), 7), 0)  # 55 to 57 were forgotten
    new = [Told(_Event(8), 55, []), Told(_Event(9), 59, [])]  # type: ignore[arg-type]
    assert tail.take(Look(Snapshot(57, 57, (), 7), Snapshot(60, 60, (), 9), 0.0, new))
    assert told == [8, 9]


def test_marks_of_others_let_the_floor_rise() -> None:
    tail = Tail(lambda _: None)
    tail.begin(Snapshot(10, 10, (), 0), 0)
    assert tail.take(Look(Snapshot(10, 10), Snapshot(12, 14, (12,), 5), 0.0, [_told(11)], Mark(14, 5)))
    assert tail.floor == 0
    assert tail.take(Look(Snapshot(12, 14, (12,), 5), Snapshot(14, 14, (), 5), 0.0, []))
    assert tail.floor == 5


def test_much_is_told_in_portions_of_which_the_last_is_whole() -> None:
    batches: list[Batch] = []
    tail = Tail(batches.append)
    tail.begin(Snapshot(0, 0), 0)
    assert tail.take(Look(Snapshot(0, 0), Snapshot(4_000, 4_000), 0.0, [_told(number) for number in range(4_000)]))
    assert [(len(batch.told), batch.is_whole) for batch in batches] == [(2_000, False), (2_000, True)]
