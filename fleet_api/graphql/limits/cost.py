"""What an operation costs, known before it runs.

An object costs 1, and so does a page; the edges of a page, its cursors and all leaves cost nothing. What is below a
page counts once per row that it may have, and so do pages below pages. A mutation and a subscription cost 10 more. A
field may declare what it costs (`metadata={"cost": …}`), and a list without arguments how long it may be (`"size"`).
Beside the cost, the values are counted: the leaves that the answer may hold.
"""

from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetailsList, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from fleet_api.graphql.execution.documents import Operation
from fleet_api.graphql.limits.limits_errors import uncountable
from fleet_api.graphql.limits.sizes import Size, Sum, Variables, is_page, size_of_list, size_of_page
from fleet_api.shared.domain.output_context import Refused

_FOR_WRITING = 10
# At least. Nothing is read for it, but all of it is made at once, while everybody else waits.
_INTROSPECTION = {"__schema": 100, "__type": 10}
_VALUES_FOR_ONE = 200
# How long the schema's own lists are, about.
_SCHEMA_SIZES = {
    "types": 150,
    "fields": 6,
    "directives": 5,
    "locations": 5,
    "inputFields": 2,
    "enumValues": 2,
    "possibleTypes": 2,
    "args": 1,
    "interfaces": 1,
}
_ASSUMED_SIZE = 25
_PLUMBING = frozenset({"edges", "pageInfo"})
# Fragments that spread each other can select millions of fields.
_MOST_FIELDS = 10_000


@dataclass(frozen=True, slots=True)
class Cost:
    """rows: what it costs. values: how many leaves its answer may hold."""

    rows: int
    values: int


class Costing:
    """What an operation costs, whatever its variables. always: where they make no difference."""

    __slots__ = ("_rows", "_values", "always")

    def __init__(self, rows: Sum, values: Sum) -> None:
        self._rows = rows
        self._values = values
        self.always = self.cost({}) if rows.is_known and values.is_known else None

    def cost(self, variables: Variables) -> Cost:
        return Cost(self._rows.value(variables), self._values.value(variables))


def costing(schema: GraphQLSchema, operation: Operation, variables: VariableValues) -> Costing:
    """variables: those that decide what is skipped. Raises `Refused` for what is too much to be counted."""
    return _Count(schema, operation, variables).all()


_Counted = tuple[Sum, Sum]
"""Rows and values."""
_NOTHING = Sum.of(0), Sum.of(0)


class _Count:
    def __init__(self, schema: GraphQLSchema, operation: Operation, variables: VariableValues) -> None:
        self._schema = schema
        self._operation = operation
        self._variables = variables
        self._left = _MOST_FIELDS
        self._known: dict[Any, _Counted] = {}

    def all(self) -> Costing:
        definition = self._operation.definition
        root = self._schema.get_root_type(definition.operation)
        if root is None:  # a valid document asks for no type that is not there
            raise Refused(uncountable())
        try:
            selected = collect_fields(self._schema, self._operation.fragments, self._variables, root, definition)
        except GraphQLError:
            return Costing(*_NOTHING)
        rows, values = self._fields(root, selected.grouped_field_set, None)
        if definition.operation is not OperationType.QUERY:
            rows = Sum.total([rows, Sum.of(_FOR_WRITING * len(selected.grouped_field_set))])
        return Costing(rows, values)

    def _fields(
        self, kind: GraphQLObjectType, selected: dict[str, FieldDetailsList], page: Size | int | None
    ) -> _Counted:
        counted = [self._field(kind, details, page) for details in selected.values()]
        return Sum.total(rows for rows, _ in counted), Sum.total(values for _, values in counted)

    def _field(self, parent: GraphQLObjectType, details: FieldDetailsList, page: Size | int | None) -> _Counted:
        """page: how many rows the page has whose field this is."""
        self._left -= 1
        if self._left < 0:
            raise Refused(uncountable())
        node = details[0].node
        name = node.name.value
        definition = self._schema.get_field(parent, name)
        if definition is not None and name in _INTROSPECTION:
            _, values = self._object(get_named_type(definition.type), details, None)
            return Sum.of(max(_INTROSPECTION[name], values.value({}) // _VALUES_FOR_ONE)), values
        if definition is None or is_leaf_type(get_named_type(definition.type)):
            return Sum.of(_declared(definition, "cost", 0)), Sum.of(1)
        below = size_of_page(node) if is_page(definition) else None
        rows, values = self._object(get_named_type(definition.type), details, below)
        is_plumbing = page is not None and name in _PLUMBING
        rows = Sum.total([rows, Sum.of(0 if is_plumbing else _declared(definition, "cost", 1))])
        if is_plumbing and page is not None and name == "edges":
            return rows.times(page), values.times(page)
        if _is_list(definition.type):
            assumed = _SCHEMA_SIZES[name] if parent.name.startswith("__") else _ASSUMED_SIZE
            size = size_of_list(node, definition, _declared(definition, "size", assumed))
            # Objects that are part of their row, such as the corners of a polygon, cost as much as one.
            return (rows.times(size) if "ids" in definition.args else rows), values.times(size)
        return rows, values

    def _object(self, kind: Any, details: FieldDetailsList, page: Size | int | None) -> _Counted:
        """Of an interface or a union as much as the most expensive type that it may be."""
        kinds = self._schema.get_possible_types(kind) if is_abstract_type(kind) else [kind]
        counted = [self._below(each, details, page) for each in kinds]
        return Sum.greatest(rows for rows, _ in counted), Sum.greatest(values for _, values in counted)

    def _below(self, kind: GraphQLObjectType, details: FieldDetailsList, page: Size | int | None) -> _Counted:
        """Counted once for the same nodes: fragments that spread each other twice would double it with every level."""
        what = kind.name, tuple(id(each.node) for each in details)
        if what not in self._known:
            self._known[what] = self._counted(kind, details, page)
        return self._known[what]

    def _counted(self, kind: GraphQLObjectType, details: FieldDetailsList, page: Size | int | None) -> _Counted:
        operation = self._operation
        try:
            selected = collect_subfields(
                self._schema, operation.fragments, self._variables, operation.definition, kind, details
            )
        except GraphQLError:  # a condition that is null: the same is said where it is executed, and nothing read below
            return _NOTHING
        return self._fields(kind, selected.grouped_field_set, page)


def _declared(definition: GraphQLField | None, what: str, otherwise: int) -> int:
    declared = (definition.extensions or {}).get("strawberry-definition") if definition else None
    return int(declared.metadata.get(what, otherwise)) if declared else otherwise


def _is_list(kind: GraphQLOutputType) -> bool:
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return isinstance(inner, GraphQLList)
