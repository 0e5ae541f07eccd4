"""Numbers that look random, never repeat, and are the same every time."""

from functools import lru_cache
from math import gcd
from random import Random

GOLDEN_RATIO = 0.6180339887498949


def scatter(index: int, size: int) -> int:
    """Where the index-th draw from a shuffled 0..size-1 lands; two indices below size never land on one number.

    Remembering what was given out would do too, but then one car more would change all that come after it.
    """
    if not 0 <= index < size:
        raise ValueError(f"{index} is not one of {size}")
    return (index * _stride(size) + size // 3) % size


@lru_cache
def _stride(size: int) -> int:
    """The first number from the golden section on that shares no divisor with size, so that steps of it visit all."""
    stride = max(1, round(size * GOLDEN_RATIO))
    while gcd(stride, size) != 1:
        stride += 1
    return stride


def fork(rng: Random) -> Random:
    """A source of its own that `rng` determines, so that who draws from one does not disturb the other."""
    return Random(rng.getrandbits(64))  # noqa: S311 -- a demo is to be foreseeable
