"""What is counted of operations."""

from collections.abc import Sequence

from fleet_api.graphql.seen.families import COST, DURATION, OPERATIONS, REFUSED, STATEMENTS
from fleet_api.graphql.seen.numbers import Cell, Numbers, observe, observe_all

_TOGETHER = 100

Case = tuple[str, str, str, int | None, int, Sequence[str]]
"""Name, type, outcome, cost, statements, and the codes of what went wrong."""


class OperationNumbers:
    """Operations are counted many at a time, when the processor has at hand what it takes; most are like another, and
    differ in their seconds alone."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._cells: dict[tuple[str, str, str], tuple[Cell, Cell, Cell, Cell]] = {}
        self._cases: list[Case] = []
        self._seconds: list[float] = []

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
        self._cases.append((name, type, outcome, cost, statements, tuple(codes) if codes else ()))
        self._seconds.append(seconds)
        if len(self._cases) >= _TOGETHER:
            self.count()

    def count(self) -> None:
        """All that ended, so that the numbers can be shown."""
        alike: dict[Case, list[float]] = {}
        for case, took in zip(self._cases, self._seconds, strict=True):
            others = alike.get(case)
            if others is None:
                others = alike[case] = []
            others.append(took)
        self._cases.clear()
        self._seconds.clear()
        for (name, type, outcome, cost, statements, codes), seconds in alike.items():
            ended, durations, costs, asked = self._cells.get((name, type, outcome)) or self._new(name, type, outcome)
            times = len(seconds)
            ended[0] += times
            observe(asked, STATEMENTS.bounds, statements, times)
            if cost is not None:
                observe(costs, COST.bounds, cost, times)
            observe_all(durations, DURATION.bounds, seconds)
            for code in codes:
                self._numbers.count(REFUSED, code, by=times)

    def _new(self, name: str, type: str, outcome: str) -> tuple[Cell, Cell, Cell, Cell]:
        cells = (
            self._numbers.cell(OPERATIONS, name, type, outcome),
            self._numbers.cell(DURATION, name, type),
            self._numbers.cell(COST, name, type),
            self._numbers.cell(STATEMENTS, name, type),
        )
        self._cells[name, type, outcome] = cells
        return cells
