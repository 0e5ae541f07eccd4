"""Vehicle identification numbers (ISO 3779), already upper-case and trimmed.

The ninth character is a check digit where the region demands one: North America (first character 1 to 5,
49 CFR 565.15) and China (L, GB 16735). Elsewhere makers use the place as they please, so it is not enforced.
"""

from typing import Literal

VinProblem = Literal["length", "characters", "check_digit"]

LENGTH = 17
CHECK_DIGIT_INDEX = 8
CHECK_DIGIT_REGIONS = frozenset("12345L")

# I, O and Q are not here: they are too easily read as 1 and 0.
_VALUES = {
    **{digit: int(digit) for digit in "0123456789"},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin_problem(vin: str) -> VinProblem | None:
    """The first thing that is wrong with a VIN, or None."""
    if len(vin) != LENGTH:
        return "length"
    if not _VALUES.keys() >= set(vin):
        return "characters"
    if vin[0] in CHECK_DIGIT_REGIONS and vin[CHECK_DIGIT_INDEX] != check_digit(vin):
        return "check_digit"
    return None


def check_digit(vin: str) -> str:
    """The check digit (0 to 9, or X) that the other sixteen of 17 permitted characters call for."""
    remainder = sum(_VALUES[char] * weight for char, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)
