"""What `make fault` relies on: its checker sees each way in which a history can be wrong, and none in a right one."""

from collections.abc import Sequence, Set
from datetime import UTC, datetime, timedelta
from uuid import UUID

from benchmarks.fault.checker import (
    Found,
    Happened,
    Heard,
    Mark,
    check_follower,
    check_log,
    check_writers,
    whole_subjects,
)

_ONE, _OTHER = UUID(int=1), UUID(int=2)
_NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def _happened(subject: UUID, *sequences: int) -> list[Happened]:
    return [
        Happened(Mark("dispatcher:anna", _NOON + timedelta(seconds=1000 * subject.int + number), "K"), subject, number)
        for number in sequences
    ]


def _heard(happened: Sequence[Happened]) -> list[Heard]:
    return [Heard(each.mark, each.sequence, 0.0) for each in happened]


_LOG = [
    event for pair in zip(_happened(_ONE, 3, 4, 5, 6), _happened(_OTHER, 1, 2, 3, 4), strict=True) for event in pair
]


def _found(heard: Sequence[Heard], whole: Set[UUID] = frozenset({_ONE, _OTHER})) -> Found:
    return check_follower(heard, _LOG, {event.mark for event in _happened(_ONE, 1, 2)}, whole)


def test_a_right_history_has_nothing_to_complain_of() -> None:
    assert _found(_heard(_LOG)) == Found()


def test_subjects_may_come_in_any_order_among_each_other() -> None:
    assert _found(_heard(_LOG[1::2] + _LOG[::2])) == Found()


def test_an_event_that_never_came_is_lost_and_leaves_a_gap() -> None:
    assert _found(_heard(_LOG[:2] + _LOG[3:])) == Found(lost=1, gaps=1)


def test_where_not_all_of_a_subject_is_seen_a_missing_number_is_no_gap() -> None:
    assert _found(_heard(_LOG[:2] + _LOG[3:]), whole={_OTHER}) == Found(lost=1)


def test_the_last_event_of_a_subject_may_be_lost_too() -> None:
    assert _found(_heard(_LOG[:-1])) == Found(lost=1)


def test_who_heard_nothing_lost_everything() -> None:
    assert _found([]) == Found(lost=len(_LOG))


def test_an_event_that_came_again_is_a_duplicate_however_late() -> None:
    assert _found(_heard([*_LOG, _LOG[0]])) == Found(duplicated=1)
    assert _found(_heard([_LOG[0], *_LOG])) == Found(duplicated=1)


def test_so_is_an_event_of_before() -> None:
    assert _found(_heard(_happened(_ONE, 2) + _LOG)) == Found(duplicated=1)


def test_two_events_of_a_subject_the_wrong_way_round_are_disordered_and_the_first_left_a_gap() -> None:
    turned = [*_LOG[:2], _LOG[4], _LOG[2], *_LOG[5:], _LOG[3]]
    assert _found(_heard(turned)) == Found(disordered=2, gaps=2)
    assert _found(_heard(turned), whole=set()) == Found(disordered=2)


def test_an_event_under_another_number_is_disordered() -> None:
    heard = _heard(_LOG)
    heard[2] = heard[2]._replace(sequence=9)
    assert _found(heard) == Found(disordered=1)


def test_what_never_happened_or_is_not_theirs_is_foreign() -> None:
    assert _found(_heard([*_LOG, *_happened(UUID(int=3), 1)])) == Found(foreign=1)


def test_a_log_with_holes_has_gaps_and_one_with_numbers_twice_has_duplicates() -> None:
    heads = {_ONE: 2}
    assert check_log(_LOG, heads) == Found()
    assert heads == {_ONE: 6, _OTHER: 4}
    assert check_log(_happened(_ONE, 8), heads) == Found(gaps=1)
    assert check_log(_happened(_ONE, 8), heads) == Found(duplicated=1)
    assert check_log(_happened(_ONE, 7), heads) == Found(disordered=1)


def test_what_writers_were_told_is_held_against_what_they_did() -> None:
    mine = "dispatcher:anna", "K"
    assert check_writers({mine: 8}, _LOG) == Found()
    assert check_writers({mine: 9}, _LOG) == Found(lost=1)
    assert check_writers({mine: 6}, _LOG) == Found(duplicated=2)
    assert check_writers({}, _LOG) == Found(duplicated=8)
    assert check_writers({mine: 8, ("dispatcher:bob", "K"): 2}, _LOG) == Found(lost=2)


def test_a_subject_is_whole_for_whoever_sees_all_of_it() -> None:
    assert whole_subjects(_LOG, _LOG) == {_ONE, _OTHER}
    assert whole_subjects(_LOG[1:], _LOG) == {_OTHER}
    assert whole_subjects([], _LOG) == set()
