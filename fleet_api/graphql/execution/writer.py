"""Writes the loop that renders the objects of a selection, as a person who is in a hurry would write it by hand."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLLeafType, GraphQLObjectType

from fleet_api.graphql.execution import leaves
from fleet_api.graphql.execution.selection import Child, Selection


class Writer:
    def __init__(self, kind: GraphQLObjectType) -> None:
        self.kind = kind
        self._children: list[Child] = []
        self._lines: list[str] = []
        self._items: list[str] = []
        self._names: dict[str, Any] = dict(leaves.NAMES)

    def constant(self, key: str, value: str | None) -> None:
        self._items.append(f"{key!r}: {value!r}")

    def leaf(self, key: str, attribute: str, kind: GraphQLLeafType, *, nullable: bool) -> None:
        self._value(key, attribute, lambda v: leaves.code(v, kind, self._name, nullable=nullable))

    def global_id(self, key: str, attribute: str) -> None:
        self._value(key, attribute, lambda v: leaves.global_id_code(v, self.kind.name, self._name))

    def child(self, key: str, child: Child) -> None:
        self._items.append(f"{key!r}: c{len(self._children)}")
        self._children.append(child)

    def selection(self) -> Selection:
        columns = [f"c{number}" for number in range(len(self._children))]
        each = ", ".join(["o", *columns])
        rows = f"zip(sources, {', '.join(f'{column}s' for column in columns)})" if columns else "sources"
        source = "\n".join(
            [
                f"def render({', '.join(['sources', *(f'{column}s' for column in columns)])}):",
                "  rendered = []",
                "  add = rendered.append",
                f"  for {each} in {rows}:",
                *(f"    {line}" for line in self._lines),
                f"    add({{{', '.join(self._items)}}})",
                "  return rendered",
            ]
        )
        # Made of names that the schema declares and of keys as Python writes them; nothing of a client's is run.
        exec(source, self._names)  # noqa: S102
        return Selection(self.kind, self._children, self._names["render"])

    def _value(self, key: str, attribute: str, code: Callable[[str], str]) -> None:
        value = f"v{len(self._items)}"
        self._lines += [f"{value} = o.{attribute}", code(value)]
        self._items.append(f"{key!r}: {value}")

    def _name(self, thing: Any) -> str:
        name = f"f{len(self._names)}"
        self._names[name] = thing
        return name
