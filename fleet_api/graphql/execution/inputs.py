"""Input values as graphql-core coerces them, a column at a time: all that the objects of a list have in one field is
looked at together. Whatever is odd is left to graphql-core, which can tell what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import isfinite
from operator import itemgetter
from types import NoneType
from typing import Any, Self, overload

from graphql import (
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    Undefined,
    UndefinedType,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.type import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT
from graphql.utilities.coerce_input_value import coerce_default_value

from fleet_api.graphql.execution.anomaly import Anomaly

Column = Sequence[Any]
Kinds = AbstractSet[type]
Coercer = Callable[[list[Any], Kinds], Column]
"""From values of one type, as JSON gives them, and what kinds of values these are, to what they mean. Raises `Anomaly`
for what it leaves to graphql-core."""


class Columns(Sequence[dict[str, Any]]):
    """Coerced input objects of one type: a list of dicts to whoever takes it for one, and columns to whoever asks."""

    __slots__ = ("_columns", "_size")

    def __init__(self, size: int, columns: Mapping[str, Column]) -> None:
        self._size = size
        self._columns = columns

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]], names: Iterable[str]) -> Self:
        """The same of objects that are coerced one by one."""
        return cls(len(rows), {name: [row.get(name, Undefined) for row in rows] for name in names})

    def column(self, name: str) -> Column:
        """The field's values, None where one has none; empty where none has one."""
        found = self._columns.get(name, ())
        kinds = kinds_of(found)
        if kinds <= {NoneType, UndefinedType}:
            return ()
        return [None if value is Undefined else value for value in found] if UndefinedType in kinds else found

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(self._row, range(self._size))

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        places = range(self._size)[place]
        return self._row(places) if isinstance(places, int) else [self._row(each) for each in places]

    def _row(self, place: int) -> dict[str, Any]:
        values = ((name, column[place]) for name, column in self._columns.items())
        return {name: value for name, value in values if value is not Undefined}


def coercer_of(kind: GraphQLInputType) -> Callable[[Any], Any] | None:
    """What coerces one value. Raises `Anomaly` for what is left to graphql-core; None where any value is: for a type
    that holds itself, or that has rules of its own."""
    try:
        coerce = _coercer(kind, ())
    except Anomaly:
        return None
    return lambda value: coerce([value], {type(value)})[0]


def kinds_of(values: Column) -> Kinds:
    return set(map(type, values))


def _coercer(kind: Any, above: tuple[GraphQLInputObjectType, ...]) -> Coercer:
    if is_non_null_type(kind):
        return _bare(kind.of_type, above)
    return _nullable(_bare(kind, above))


def _bare(kind: Any, above: tuple[GraphQLInputObjectType, ...]) -> Coercer:
    if is_list_type(kind):
        return _lists(_coercer(kind.of_type, above))
    if is_input_object_type(kind):
        if kind in above or kind.is_one_of or kind.out_type is not GraphQLInputObjectType.out_type:
            raise Anomaly
        return _objects(kind.fields, {name: _coercer(f.type, (*above, kind)) for name, f in kind.fields.items()})
    return _LEAVES.get(kind.name) or _custom(kind.coerce_input_value)


def _nullable(coerce: Coercer) -> Coercer:
    return lambda values, kinds: _around(NoneType, None, values, kinds, coerce)


def _around(hole: type, filling: Any, values: list[Any], kinds: Kinds, coerce: Coercer) -> Column:
    """What is there, coerced, and the filling where nothing is. hole: the only class of nothing."""
    if hole not in kinds:
        return coerce(values, kinds)
    there = iter(coerce([value for value in values if type(value) is not hole], kinds - {hole}))
    return [filling if type(value) is hole else next(there) for value in values]


def _lists(coerce: Coercer) -> Coercer:
    def coerced(values: list[Any], kinds: Kinds) -> Column:
        _only(list, kinds)  # graphql-core makes lists of what is none
        return [coerce(value, kinds_of(value)) for value in values]

    return coerced


def _objects(fields: Mapping[str, GraphQLInputField], coercers: Mapping[str, Coercer]) -> Coercer:
    def coerced(values: list[Any], kinds: Kinds) -> Column:
        _only(dict, kinds)
        given: set[str] = set().union(*values)
        if not given <= fields.keys():
            raise Anomaly
        columns: dict[str, Column] = {}
        for name, field in fields.items():
            if name in given:
                column = _column(name, values)
                kinds = kinds_of(column)
                filling = _default(field) if UndefinedType in kinds else Undefined
                columns[field.out_name or name] = _around(UndefinedType, filling, column, kinds, coercers[name])
            elif values and (default := _default(field)) is not Undefined:
                columns[field.out_name or name] = [default] * len(values)
        return Columns(len(values), columns)

    return coerced


def _column(name: str, values: Sequence[Mapping[str, Any]]) -> list[Any]:
    try:
        return list(map(itemgetter(name), values))
    except KeyError:
        return [value.get(name, Undefined) for value in values]


def _default(field: GraphQLInputField) -> Any:
    if is_required_input_field(field):
        raise Anomaly
    return coerce_default_value(field)


def _only(kind: type, kinds: Kinds) -> None:
    if kinds - {kind}:
        raise Anomaly


def _as_it_is(kind: type) -> Coercer:
    def coerced(values: list[Any], kinds: Kinds) -> Column:
        _only(kind, kinds)
        return values

    return coerced


def _ints(values: list[Any], kinds: Kinds) -> Column:
    _only(int, kinds)
    if values and not GRAPHQL_MIN_INT <= min(values) <= max(values) <= GRAPHQL_MAX_INT:
        raise Anomaly
    return values


def _floats(values: list[Any], kinds: Kinds) -> Column:
    if not kinds <= {float, int}:
        raise Anomaly
    try:
        found = list(map(float, values)) if int in kinds else values
    except OverflowError:
        raise Anomaly from None
    if not all(map(isfinite, found)) or found != values:  # an integer that no float can hold is refused
        raise Anomaly
    return found


def _custom(coerce: Callable[[Any], Any]) -> Coercer:
    def coerced(values: list[Any], kinds: Kinds) -> Column:
        try:
            found = list(map(coerce, values))
        except Exception:
            raise Anomaly from None
        if UndefinedType in kinds_of(found):
            raise Anomaly
        return found

    return coerced


_LEAVES: Mapping[str, Coercer] = {
    "Int": _ints,
    "Float": _floats,
    "String": _as_it_is(str),
    "ID": _as_it_is(str),
    "Boolean": _as_it_is(bool),
}
