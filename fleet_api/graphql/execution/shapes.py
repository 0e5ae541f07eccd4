"""The types of fields, and how a column of their values goes down: to leaves, to objects, to lists of either."""

from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import TYPE_CHECKING, Any, Protocol

from graphql import GraphQLAbstractType, default_type_resolver

from fleet_api.graphql.edges import EDGES
from fleet_api.graphql.execution.anomaly import Anomaly
from fleet_api.graphql.execution.selection import Fold, Selection

if TYPE_CHECKING:
    from fleet_api.graphql.execution.fields import Field
    from fleet_api.graphql.execution.walk import Walk


class Shape(Protocol):
    def descend(self, walk: "Walk", values: list[Any], field: "Field") -> Fold:
        """values: without nulls. Raises `Anomaly`."""
        ...


class LeafShape:
    def __init__(self, coerce: Callable[[Any], Any]) -> None:
        self._coerce = coerce

    def descend(self, walk: "Walk", values: list[Any], field: "Field") -> Fold:
        coerced = list(map(self._coerce, values))
        return lambda: coerced


class ObjectShape:
    def __init__(self, selection: Selection) -> None:
        self._selection = selection

    def descend(self, walk: "Walk", values: list[Any], field: "Field") -> Fold:
        return walk.enter(self._selection, values)


class AbstractShape:
    """Objects of an interface or a union: those of one type together. What one instance of a class is, all are."""

    def __init__(self, kind: GraphQLAbstractType, selections: Mapping[str, Selection]) -> None:
        self._type = kind
        self._by_name = selections
        self._by_class: dict[type, Selection] = {}

    def descend(self, walk: "Walk", values: list[Any], field: "Field") -> Fold:
        sorts: dict[type, list[Any]] = {}
        for value in values:
            sorts.setdefault(type(value), []).append(value)
        folds = {kind: walk.enter(self._selection(walk, those, field), those) for kind, those in sorts.items()}

        def fold() -> list[Any]:
            rendered = {kind: iter(folds[kind]()) for kind in folds}
            return [next(rendered[type(value)]) for value in values]

        return fold

    def _selection(self, walk: "Walk", values: Sequence[Any], field: "Field") -> Selection:
        kind = type(values[0])
        if kind not in self._by_class:
            resolve = self._type.resolve_type or default_type_resolver
            name = resolve(values[0], walk.info(field), self._type)
            if not isinstance(name, str):
                raise Anomaly
            self._by_class[kind] = self._by_name[name]
        return self._by_class[kind]


class ListShape:
    def __init__(self, item: Shape) -> None:
        self._item = item

    def descend(self, walk: "Walk", values: list[Any], field: "Field") -> Fold:
        flat: list[Any] = []
        for value in values:
            if not isinstance(value, list | tuple):
                raise Anomaly
            flat.extend(value)
        below = self._item.descend(walk, flat, field)

        def fold() -> list[Any]:
            items, cut, at = below(), [], 0
            for value in values:
                cut.append(items[at : (at := at + len(value))])
            return cut

        return fold


class Completed:
    """Any values of a type: edges are followed first, and nulls stay where they may be."""

    def __init__(self, inner: Shape, *, nullable: bool) -> None:
        self._inner = inner
        self._nullable = nullable

    def descend(self, walk: "Walk", values: list[Any], field: "Field") -> Fold:
        kinds = set(map(type, values))
        for kind in kinds:
            if kind in EDGES:
                return walk.follow(values, self, field)
            if issubclass(kind, Exception):
                raise Anomaly
        if NoneType not in kinds:
            return self._inner.descend(walk, values, field)
        if not self._nullable:
            raise Anomaly
        present = [value for value in values if value is not None]
        below = self._inner.descend(walk, present, field)

        def fold() -> list[Any]:
            rendered = iter(below())
            return [None if value is None else next(rendered) for value in values]

        return fold
