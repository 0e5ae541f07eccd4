import inspect
import re

import pytest

from fleet_api.graphql.limits import limits_errors
from fleet_api.graphql.seen.outcomes import failure_in, outcome_of


@pytest.mark.parametrize(
    ("codes", "outcome"),
    [
        ([], "ok"),
        (["VIN_TAKEN"], "refused"),
        (["NOT_FOUND", "FORBIDDEN"], "forbidden"),
        (["FORBIDDEN", "GRAPHQL_VALIDATION_FAILED"], "invalid"),
        (["BUDGET_SPENT"], "limited"),
        (["VIN_TAKEN", "INTERNAL_ERROR"], "failed"),
    ],
)
def test_the_worst_counts(codes: list[str], outcome: str) -> None:
    assert outcome_of(codes) == outcome


def test_what_failed_is_named() -> None:
    assert failure_in(["VIN_TAKEN", "UNAVAILABLE"]) == "UNAVAILABLE"
    assert failure_in(["VIN_TAKEN"]) is None


def test_no_limit_is_taken_for_a_refusal_of_a_use_case() -> None:
    codes = re.findall(r'"([A-Z]+_[A-Z_]+)"', inspect.getsource(limits_errors))
    assert len(codes) > 10
    assert {str(outcome_of([code])) for code in codes} == {"limited", "forbidden", "failed"}
