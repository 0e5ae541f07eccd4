import pytest

from fleet_api.graphql.seen.names import OTHER, UNNAMED, Names


@pytest.mark.parametrize(("is_stranger", "room"), [(False, 200), (True, 20)])
def test_there_is_room_for_so_many_and_the_first_stay(is_stranger: bool, room: int) -> None:
    names = Names()
    known = [names.known(f"N{number}", is_stranger=is_stranger) for number in range(room + 1)]
    assert known == [*(f"N{number}" for number in range(room)), OTHER]
    assert names.known("N0", is_stranger=True) == "N0"
    assert names.known("Another", is_stranger=not is_stranger) == "Another"


def test_what_is_registered_has_room_and_what_is_long_has_none() -> None:
    names = Names({f"Registered{number}" for number in range(300)})
    for number in range(300):
        assert names.known(f"Registered{number}", is_stranger=True) == f"Registered{number}"
    assert names.known("N" * 64, is_stranger=False) == "N" * 64
    assert names.known("N" * 65, is_stranger=False) == OTHER
    assert names.known(None, is_stranger=False) == UNNAMED
