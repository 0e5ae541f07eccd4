"""Operations are counted many at a time: each once, and nothing that came after it."""

from fleet_api.graphql.seen.families import COST, DURATION, OPERATIONS, REFUSED, STATEMENTS
from fleet_api.graphql.seen.numbers import Numbers, observe
from fleet_api.graphql.seen.operation_numbers import OperationNumbers


def test_each_is_counted_once() -> None:
    numbers = Numbers()
    operations = OperationNumbers(numbers)
    for _ in range(250):
        operations.add("A", "query", "ok", 0.01, 1, 1, [])
    operations.count()
    operations.count()
    assert numbers.cells[OPERATIONS.name] == {("A", "query", "ok"): [250.0]}


def test_those_alike_count_as_they_would_one_by_one() -> None:
    numbers, expected = Numbers(), Numbers()
    operations = OperationNumbers(numbers)
    for number in range(250):
        seconds, cost, statements = number / 16, None if number % 7 == 0 else number % 3, number % 2
        operations.add("A", "query", "ok", seconds, cost, statements, ["FORBIDDEN"] * (number % 2))
        observe(expected.cell(DURATION, "A", "query"), DURATION.bounds, seconds)
        observe(expected.cell(STATEMENTS, "A", "query"), STATEMENTS.bounds, statements)
        if cost is not None:
            observe(expected.cell(COST, "A", "query"), COST.bounds, cost)
        expected.count(OPERATIONS, "A", "query", "ok")
        expected.count(REFUSED, "FORBIDDEN", by=number % 2)
    operations.count()
    assert numbers.cells == expected.cells


def test_what_is_refused_after_an_operation_is_none_of_it() -> None:
    numbers = Numbers()
    operations = OperationNumbers(numbers)
    codes = ["FORBIDDEN"]
    operations.add("A", "query", "refused", 0.01, 1, 1, codes)
    codes.append("INTERNAL_ERROR")
    operations.count()
    assert numbers.cells[REFUSED.name] == {("FORBIDDEN",): [1.0]}
