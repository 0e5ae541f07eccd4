import pytest

from fleet_api.vehicles.domain.vin import check_digit, vin_problem


@pytest.mark.parametrize(
    "vin",
    [
        "1M8GDM9AXKP042788",  # the example of 49 CFR 565, whose check digit is ten
        "1HGCM82633A004352",
        "11111111111111111",
        "WVWZZZE1ZMP012345",  # Europe: a Z where the check digit would be
    ],
)
def test_a_sound_vin_has_no_problem(vin: str) -> None:
    assert vin_problem(vin) is None


@pytest.mark.parametrize("vin", ["", "1M8GDM9AXKP04278", "1M8GDM9AXKP0427888", "1" * 10_000])
def test_a_vin_has_seventeen_characters(vin: str) -> None:
    assert vin_problem(vin) == "length"


@pytest.mark.parametrize("char", ["I", "O", "Q", "a", " ", "-", "\0", "é", "٣", "\ud800"])
def test_a_vin_has_no_i_o_q_nor_anything_but_capitals_and_digits(char: str) -> None:
    """vehicles rule 2."""
    assert vin_problem(f"WVWZZZ{char}1ZMP012345") == "characters"


@pytest.mark.parametrize("region", list("12345L"))
def test_the_check_digit_is_enforced_where_the_region_demands_it(region: str) -> None:
    """vehicles rule 2."""
    vin = f"{region}M8GDM9A0KP042788"
    right = check_digit(vin)
    for digit in "0123456789X":
        problem = vin_problem(vin[:8] + digit + vin[9:])
        assert problem == (None if digit == right else "check_digit")


@pytest.mark.parametrize("region", list("6789ABCDEFGHJKMNPRSTUVWXYZ"))
def test_elsewhere_the_check_digit_is_not_enforced(region: str) -> None:
    """vehicles rule 2."""
    assert vin_problem(f"{region}M8GDM9AZKP042788") is None


@pytest.mark.parametrize("at", [*range(8), *range(9, 17)])
def test_any_one_character_of_another_value_breaks_the_check_digit(at: int) -> None:
    vin = "1M8GDM9AXKP042788"
    mistyped = vin[:at] + ("5" if vin[at] not in "5ENV" else "2") + vin[at + 1 :]
    assert vin_problem(mistyped) == "check_digit"
