"""What a process counts. Plain lists of numbers, for counting must cost next to nothing: a library's metric, with its
lock, takes as long as all that is counted of an operation."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from fleet_api.graphql.seen.families import Family

Labels = tuple[str, ...]
Cell = list[float]


class Numbers:
    """cells: by family and by the values of its labels; each is as wide as its family says."""

    def __init__(self) -> None:
        self.cells: dict[str, dict[Labels, Cell]] = {}

    def cell(self, family: Family, *labels: str) -> Cell:
        """To be kept by whoever counts often."""
        cells = self.cells.setdefault(family.name, {})
        cell = cells.get(labels)
        if cell is None:
            cell = cells[labels] = [0.0] * family.width
        return cell

    def count(self, family: Family, *labels: str, by: float = 1) -> None:
        self.cell(family, *labels)[0] += by

    def sample(self, family: Family, value: float, *labels: str) -> None:
        self.cell(family, *labels)[0] = value

    def add(self, other: "Numbers", families: Iterable[Family]) -> None:
        for family in families:
            for labels, values in other.cells.get(family.name, {}).items():
                cell = self.cell(family, *labels)
                if len(values) == len(cell):
                    cell[:] = map(float.__add__, cell, values)


def observe(cell: Cell, bounds: tuple[float, ...], value: float, times: int = 1) -> None:
    """Counts a value into a cell of a histogram."""
    cell[bisect_left(bounds, value)] += times
    cell[-1] += value * times


def observe_all(cell: Cell, bounds: tuple[float, ...], values: list[float]) -> None:
    """Counts many, which it sorts."""
    values.sort()
    below = 0
    for place, bound in enumerate(bounds):
        if below == len(values):
            break
        end = bisect_right(values, bound, below)
        cell[place] += end - below
        below = end
    cell[len(bounds)] += len(values) - below
    cell[-1] += sum(values)
