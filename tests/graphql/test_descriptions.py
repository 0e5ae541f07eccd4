"""GraphiQL explains everything: each type, field, argument, input, enum value and directive has words."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import Node, Visitor, parse, visit

from fleet_api.graphql.sdl import schema_in_sdl


class _Silent(Visitor):
    """Whatever the language lets one describe, and nobody did."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def enter(self, node: Node, key: Any, parent: Any, path: Any, ancestors: Any) -> None:
        if "description" in node.keys and getattr(node, "description", None) is None:
            owner = next((named.name.value for named in reversed(ancestors) if hasattr(named, "name")), "")
            self.found.append(f"{owner}.{node.name.value}".lstrip("."))  # type: ignore[attr-defined]


def _silent(sdl: str) -> Iterator[str]:
    visitor = _Silent()
    visit(parse(sdl), visitor)
    yield from visitor.found


def test_everything_is_described() -> None:
    assert list(_silent(schema_in_sdl())) == []


@pytest.mark.parametrize(
    ("sdl", "missing"),
    [
        ('type A { "x" b: Int }', "A"),
        ('"x" type A { b: Int }', "A.b"),
        ('"x" type A { "x" b(c: Int): Int }', "b.c"),
        ('"x" interface A { b: Int }', "A.b"),
        ('"x" enum A { B }', "A.B"),
        ('"x" input A { b: Int }', "A.b"),
        ("union A = B", "A"),
        ("scalar A", "A"),
        ("directive @a on FIELD", "a"),
    ],
)
def test_whatever_is_not_is_found(sdl: str, missing: str) -> None:
    assert list(_silent(sdl)) == [missing]
