"""What operations select, and all that there is to select."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    InlineFragmentNode,
    ObjectFieldNode,
    TypeInfo,
    Visitor,
    get_named_type,
    is_abstract_type,
)

from tests.support.schema_walk import CORE


class Seen(Visitor):
    """Notes what an operation names: fields, their arguments, what abstract types are narrowed to, and directives."""

    def __init__(self, types: TypeInfo, seen: set[tuple[str, ...]]) -> None:
        super().__init__()
        self._types = types
        self._seen = seen

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        field = self._types.get_parent_type().name, node.name.value
        self._seen |= {field, *((*field, argument.name.value) for argument in node.arguments or ())}

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> None:
        # TypeInfo is inside already: the parent is what it was narrowed to.
        self._seen.add(("...", self._types.get_type().name))

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        self._seen.add((get_named_type(self._types.get_parent_input_type()).name, node.name.value))

    def enter_directive(self, node: DirectiveNode, _: Any, __: Any, ___: Any, ancestors: list[Any]) -> None:
        self._seen.add(("@", node.name.value, ancestors[-1].kind, node.arguments[0].value.kind))


def all_there_is() -> Iterator[tuple[str, ...]]:
    places = ["field", "inline_fragment", "fragment_spread"]
    yield from product(["@"], ["skip", "include"], places, ["variable", "boolean_value"])
    met: set[str] = set()
    waiting: list[Any] = [CORE.query_type]
    while waiting:
        kind = get_named_type(waiting.pop())
        if kind.name in met:
            continue
        met.add(kind.name)
        members = CORE.get_possible_types(kind) if is_abstract_type(kind) else []
        yield from (("...", member.name) for member in members)
        waiting += members
        for name, field in getattr(kind, "fields", {}).items():
            yield kind.name, name
            arguments = getattr(field, "args", {})
            yield from ((kind.name, name, argument) for argument in arguments)
            waiting += [field.type, *(argument.type for argument in arguments.values())]
