"""Operations are counted many at a time: each once, and nothing that came after it."""

from fleet_api.graphql.seen.families import OPERATIONS, REFUSED
from fleet_api.graphql.seen.numbers import Numbers
from fleet_api.graphql.seen.operation_numbers import OperationNumbers


def test_each_is_counted_once() -> None:
    numbers = Numbers()
    operations = OperationNumbers(numbers)
    for _ in range(250):
        operations.add("A", "query", "ok", 0.01, 1, 1, [])
    operations.count()
    operations.count()
    assert numbers.cells[OPERATIONS.name] == {("A", "query", "ok"): [250.0]}


def test_what_is_refused_after_an_operation_is_none_of_it() -> None:
    numbers = Numbers()
    operations = OperationNumbers(numbers)
    codes = ["FORBIDDEN"]
    operations.add("A", "query", "refused", 0.01, 1, 1, codes)
    codes.append("INTERNAL_ERROR")
    operations.count()
    assert numbers.cells[REFUSED.name] == {("FORBIDDEN",): [1.0]}
