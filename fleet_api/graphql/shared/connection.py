"""Relay connections by keyset. Their source is the `Page` that a repository answers."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import strawberry
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionSetNode,
)
from strawberry import relay
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from fleet_api.shared.domain.page import DEFAULT_SIZE, MAX_SIZE, PageRequest

N = TypeVar("N")

_DESCRIPTIONS = {
    "filter": "Which rows; all that you may see by default.",
    "order_by": "In which order; by age by default.",
}


@strawberry.type(description="One row of a list, and where it stands.")
class Edge(Generic[N]):
    node: N = strawberry.field(description="The row.")
    cursor: str = strawberry.field(description="Opaque position: send it as `after` or `before`.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[N]):
    edges: list[Edge[N]] = strawberry.field(description="The rows of this page, in the order asked for.")
    page_info: relay.PageInfo = strawberry.field(description="Whether and where the list goes on.")
    total_count: int = strawberry.field(
        description="All rows of the list, whatever the page. Counted only when you select it.", metadata={"cost": 5}
    )


class Paged(FieldExtension):
    """Gives a field Relay's four arguments, and its resolver one `page: PageRequest`."""

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size

    def apply(self, field: StrawberryField) -> None:
        own = [argument for argument in field.arguments if argument.python_name != "page"]
        for argument in own:
            argument.description = argument.description or _DESCRIPTIONS.get(argument.python_name)
        field.arguments = [
            *own,
            _argument("first", int, f"How many rows from the start: 1 to {self._max_size}, {DEFAULT_SIZE} by default."),
            _argument("after", str, "Only rows after this cursor."),
            _argument("last", int, f"How many rows from the end: 1 to {self._max_size}."),
            _argument("before", str, "Only rows before this cursor."),
        ]

    def resolve(self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **arguments: Any) -> Any:
        relay_arguments = {name: arguments.pop(name, None) for name in ("first", "after", "last", "before")}
        counted = selects(info._raw_info, "totalCount")
        page = PageRequest.of(**relay_arguments, with_total=counted, max_size=self._max_size)
        return next_(source, info, page=page, **arguments)

    async def resolve_async(
        self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **arguments: Any
    ) -> Any:
        return await self.resolve(next_, source, info, **arguments)


def connection(description: str, *, max_size: int = MAX_SIZE) -> Any:
    """A field that answers a page. Its resolver takes `page` beside what else it names."""
    return strawberry.field(description=description, extensions=[Paged(max_size)])


def _argument(name: str, kind: type, description: str) -> StrawberryArgument:
    return StrawberryArgument(name, None, StrawberryAnnotation(kind | None), description=description, default=None)


def selects(info: GraphQLResolveInfo[Any], name: str) -> bool:
    """Whether a field of what is asked is selected. Looks at the text alone: what @skip leaves out is worked for in
    vain, which harms nobody."""
    seen: set[str] = set()  # each fragment once, or those that spread each other twice would take for ever
    return any(_selects(node.selection_set, name, info.fragments, seen) for node in info.field_nodes)


# Not a function inside the other: one that calls itself is garbage of the kind that only a collection finds, and with
# it all that the operation has read.
def _selects(
    selections: SelectionSetNode | None, name: str, fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]
) -> bool:
    for node in selections.selections if selections else ():
        if isinstance(node, FieldNode):
            if node.name.value == name:
                return True
        elif isinstance(node, InlineFragmentNode):
            if _selects(node.selection_set, name, fragments, seen):
                return True
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            if _selects(fragments[node.name.value].selection_set, name, fragments, seen):
                return True
    return False
