"""What is selected of the objects of one type, compiled: how they are rendered, and what must be known for that."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from graphql import GraphQLObjectType

from fleet_api.graphql.execution.anomaly import Anomaly

if TYPE_CHECKING:
    from fleet_api.graphql.execution.walk import Walk

Fold = Callable[[], list[Any]]
"""A column of rendered values, to be called once all below it is rendered."""


class Child(Protocol):
    def column(self, walk: "Walk", sources: Sequence[Any]) -> Fold:
        """Goes down from the sources, and tells how to come up again."""
        ...


class Selection:
    """children: fields that lead further down. render: from objects, and one column per child, to their answers."""

    __slots__ = ("_of_type", "_type", "children", "render")

    def __init__(self, kind: GraphQLObjectType, children: Sequence[Child], render: Callable[..., list[Any]]) -> None:
        self._type = kind
        self._of_type: set[type] = set()
        self.children = children
        self.render = render

    def check(self, sources: Sequence[Any]) -> None:
        """Raises `Anomaly` for objects that are not of the type. What one instance of a class is, all are."""
        for kind in set(map(type, sources)) - self._of_type:
            if self._type.is_type_of is not None:
                example = next(source for source in sources if type(source) is kind)
                if self._type.is_type_of(example, None) is not True:  # type: ignore[arg-type]
                    raise Anomaly
            self._of_type.add(kind)
