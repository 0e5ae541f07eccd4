"""The fields that lead further down, by where their values come from."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType
from graphql.pyutils import Path

from fleet_api.graphql.edges import Load
from fleet_api.graphql.execution.arguments import Arguments
from fleet_api.graphql.execution.level import Column, Level
from fleet_api.graphql.execution.selection import Fold

if TYPE_CHECKING:
    from fleet_api.graphql.execution.shapes import Shape
    from fleet_api.graphql.execution.walk import Walk


class Field:
    """A field of an operation: all nodes that select it under one key.

    path: without the indices of lists, since one call of a resolver may be for all of their items. Raises
    `GraphQLError` where an argument that is known does not fit.
    """

    __slots__ = ("arguments", "definition", "key", "name", "nodes", "parent", "path")

    def __init__(self, key: str, nodes: list[FieldNode], parent: GraphQLObjectType, definition: GraphQLField) -> None:
        self.key = key
        self.name = nodes[0].name.value
        self.nodes = nodes
        self.parent = parent
        self.path = Path(None, key, parent.name)
        self.definition = definition
        self.arguments = Arguments(definition, nodes[0])


class EventField:
    """A subscription's: its values are the events themselves."""

    def __init__(self, field: Field, shape: "Shape") -> None:
        self._field = field
        self._shape = shape

    def column(self, walk: "Walk", sources: Sequence[Any]) -> Fold:
        return self._shape.descend(walk, list(sources), self._field)


class AttributeField:
    """Its values stand in the objects themselves."""

    def __init__(self, field: Field, attribute: str, shape: "Shape") -> None:
        self._field = field
        self._value_of = attrgetter(attribute)
        self._shape = shape

    def column(self, walk: "Walk", sources: Sequence[Any]) -> Fold:
        return self._shape.descend(walk, list(map(self._value_of, sources)), self._field)


class ResolvedField:
    """A resolver tells its values. takes_a_level: it may be asked once for all objects."""

    def __init__(self, field: Field, resolve: Callable[..., Any], shape: "Shape", *, takes_a_level: bool) -> None:
        self._field = field
        self._resolve = resolve
        self._shape = shape
        self._takes_a_level = takes_a_level

    def column(self, walk: "Walk", sources: Sequence[Any]) -> Fold:
        info, arguments = walk.info(self._field), self._field.arguments.values(walk.variables)
        if self._takes_a_level and len(sources) > 1:
            answer = self._of_the_level(sources, info, arguments)
            if isinstance(answer, Load):
                return walk.follow_level(answer, self._shape, self._field)
            if isinstance(answer, Column):
                return self._shape.descend(walk, answer.values, self._field)
        values = [self._resolve(source, info, **arguments) for source in sources]
        return self._shape.descend(walk, values, self._field)

    def _of_the_level(self, sources: Sequence[Any], info: Any, arguments: dict[str, Any]) -> Load | Column | None:
        """None where the resolver wants to see each object."""
        try:
            answer = self._resolve(Level(sources), info, **arguments)
            if isinstance(answer, Column):
                return answer
            if isinstance(answer, Load) and isinstance(answer.key, Column):
                hash(answer.asked)  # a column in it means that each object asks something else
                return answer
        except Exception:
            return None
        return None
