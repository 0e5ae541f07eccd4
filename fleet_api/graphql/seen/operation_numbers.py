"""What is counted of operations."""

from collections.abc import Sequence

from fleet_api.graphql.seen.families import COST, DURATION, OPERATIONS, REFUSED, STATEMENTS
from fleet_api.graphql.seen.numbers import Cell, Numbers, observe

_TOGETHER = 100


class OperationNumbers:
    """Operations are counted many at a time: what runs once among much else is in no cache, and takes longer."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._cells: dict[tuple[str, str, str], tuple[Cell, Cell, Cell, Cell]] = {}
        self._ended: list[tuple[str, str, str, float, int | None, int, Sequence[str]]] = []

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
        self._ended.append((name, type, outcome, seconds, cost, statements, tuple(codes)))
        if len(self._ended) >= _TOGETHER:
            self.count()

    def count(self) -> None:
        """All that ended, so that the numbers can be shown."""
        for name, type, outcome, seconds, cost, statements, codes in self._ended:
            ended, took, costs, asked = self._cells.get((name, type, outcome)) or self._new(name, type, outcome)
            ended[0] += 1
            observe(took, DURATION.bounds, seconds)
            observe(asked, STATEMENTS.bounds, statements)
            if cost is not None:
                observe(costs, COST.bounds, cost)
            for code in codes:
                self._numbers.count(REFUSED, code)
        self._ended.clear()

    def _new(self, name: str, type: str, outcome: str) -> tuple[Cell, Cell, Cell, Cell]:
        cells = (
            self._numbers.cell(OPERATIONS, name, type, outcome),
            self._numbers.cell(DURATION, name, type),
            self._numbers.cell(COST, name, type),
            self._numbers.cell(STATEMENTS, name, type),
        )
        self._cells[name, type, outcome] = cells
        return cells
