"""Chance that a seed repeats, in the words of those who write at random."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Value = TypeVar("Value")


class Chance(Random):
    def happens(self, probability: float) -> bool:
        return self.random() < probability

    def one_of(self, values: Sequence[Value]) -> Value:
        """Takes as much chance however many there are, so that a seed means the same on every day of the demo."""
        return values[int(self.random() * len(values))]
