"""What is counted of operations."""

from collections.abc import Sequence

from fleet_api.graphql.seen.families import COST, DURATION, OPERATIONS, REFUSED, STATEMENTS
from fleet_api.graphql.seen.numbers import Cell, Numbers, observe

_TOGETHER = 100

Case = tuple[str, str, str, int | None, int, Sequence[str]]
"""Name, type, outcome, cost, statements, and the codes of what went wrong."""


class OperationNumbers:
    """Operations are counted many at a time: most are like another, and differ in their seconds alone."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._cells: dict[tuple[str, str, str], tuple[Cell, Cell, Cell, Cell]] = {}
        self._seconds: dict[Case, list[float]] = {}
        self._waiting = 0

    def add(
        self,
        name: str,
        type: str,
        outcome: str,
        seconds: float,
        cost: int | None,
        statements: int,
        codes: Sequence[str],
    ) -> None:
        """name: one of a limited number. cost: of an operation that was let in."""
        # A copy of the codes: what follows an operation may be refused, too, and is none of it.
        case = (name, type, outcome, cost, statements, tuple(codes))
        alike = self._seconds.get(case)
        if alike is None:
            alike = self._seconds[case] = []
        alike.append(seconds)
        self._waiting += 1
        if self._waiting >= _TOGETHER:
            self.count()

    def count(self) -> None:
        """All that ended, so that the numbers can be shown."""
        for (name, type, outcome, cost, statements, codes), seconds in self._seconds.items():
            ended, took, costs, asked = self._cells.get((name, type, outcome)) or self._new(name, type, outcome)
            times = len(seconds)
            ended[0] += times
            observe(asked, STATEMENTS.bounds, statements, times)
            if cost is not None:
                observe(costs, COST.bounds, cost, times)
            for each in seconds:
                observe(took, DURATION.bounds, each)
            for code in codes:
                self._numbers.count(REFUSED, code, by=times)
        self._seconds.clear()
        self._waiting = 0

    def _new(self, name: str, type: str, outcome: str) -> tuple[Cell, Cell, Cell, Cell]:
        cells = (
            self._numbers.cell(OPERATIONS, name, type, outcome),
            self._numbers.cell(DURATION, name, type),
            self._numbers.cell(COST, name, type),
            self._numbers.cell(STATEMENTS, name, type),
        )
        self._cells[name, type, outcome] = cells
        return cells
