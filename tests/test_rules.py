"""A rule that is numbered is a promise: some test says in its docstring that it shows it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_TESTS = Path(__file__).parent
_PROMISED = {"fleet_providers": 2, "drivers": 5, "vehicles": 5, "telemetry": 5}
_RULES = [f"{context} rule {number}" for context, last in _PROMISED.items() for number in range(1, last + 1)]
_FORM = re.compile(rf"({'|'.join(_RULES)})(\.|: .+)", re.DOTALL)


def _docstrings() -> Iterator[str]:
    for path in sorted(_TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield ast.get_docstring(node) or ""


@pytest.mark.parametrize("rule", _RULES)
def test_a_rule_is_shown_by_a_test(rule: str) -> None:
    assert any(shown and shown[1] == rule for shown in map(_FORM.fullmatch, _docstrings()))


def test_a_docstring_that_names_a_rule_is_of_the_one_form() -> None:
    """Else it would be overlooked above."""
    naming = [told for told in _docstrings() if re.search(r"\brule \d", told)]
    assert [told for told in naming if not _FORM.fullmatch(told)] == []
