"""What is counted of operations."""

from bisect import bisect_left
from collections.abc import Iterable

from fleet_api.graphql.seen.families import COST, DURATION, OPERATIONS, REFUSED, STATEMENTS
from fleet_api.graphql.seen.numbers import Cell, Numbers, observe


class OperationNumbers:
    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._cells: dict[tuple[str, str, str], tuple[Cell, Cell, Cell, Cell]] = {}

    def add(
        self,
        name: str,
        type: str,
        outcome: str,
        seconds: float,
        cost: int | None,
        statements: int,
        codes: Iterable[str],
    ) -> None:
        """name: one of a limited number. cost: of an operation that was let in."""
        cells = self._cells.get((name, type, outcome)) or self._new(name, type, outcome)
        ended, took, costs, asked = cells
        ended[0] += 1
        took[bisect_left(DURATION.bounds, seconds)] += 1
        took[-1] += seconds
        asked[bisect_left(STATEMENTS.bounds, statements)] += 1
        asked[-1] += statements
        if cost is not None:
            observe(costs, COST.bounds, cost)
        for code in codes:
            self._numbers.count(REFUSED, code)

    def _new(self, name: str, type: str, outcome: str) -> tuple[Cell, Cell, Cell, Cell]:
        cells = (
            self._numbers.cell(OPERATIONS, name, type, outcome),
            self._numbers.cell(DURATION, name, type),
            self._numbers.cell(COST, name, type),
            self._numbers.cell(STATEMENTS, name, type),
        )
        self._cells[name, type, outcome] = cells
        return cells
