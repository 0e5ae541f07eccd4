"""From what an operation selects to code that renders it: one loop per selection, however many objects there are."""

import inspect
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import strawberry
from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    default_field_resolver,
    is_leaf_type,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetailsList,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from strawberry import Info, relay
from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from fleet_api.graphql.execution import leaves
from fleet_api.graphql.execution.documents import Operation
from fleet_api.graphql.execution.fields import AttributeField, EventField, Field, ResolvedField
from fleet_api.graphql.execution.level import takes_a_level
from fleet_api.graphql.execution.needs import names_in, needed
from fleet_api.graphql.execution.selection import Child, Selection
from fleet_api.graphql.execution.shapes import AbstractShape, Completed, LeafShape, ListShape, ObjectShape, Shape
from fleet_api.graphql.execution.writer import Writer
from fleet_api.graphql.shared.connection import Paged
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.infrastructure.tenancy import Wanted

# Fields of a plan. To compile one takes a fifth of a millisecond for ten, and whoever asks for more is in no hurry.
_MAX_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """wanted: the fields of entities that it looks at. size: how many fields it renders."""

    top: Selection
    wanted: Wanted
    size: int


class NotUnderstood(Exception):
    """Something that is graphql-core's to execute, such as an async resolver."""


class Compiler:
    """variables: they decide what is skipped and included. may: what the viewer may, which decides what is null."""

    def __init__(
        self, schema: GraphQLSchema, operation: Operation, variables: VariableValues, may: Collection[Permission]
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._variables = variables
        self._may = may
        self._wanted: dict[type[Any] | None, set[str]] = {}
        self._made: dict[Any, Selection] = {}
        self._size = 0

    def compile(self) -> Plan:
        """Raises `NotUnderstood`."""
        operation = self._operation
        top = self._schema.get_root_type(operation.definition.operation)
        if top is None or operation.definition.directives:
            raise NotUnderstood
        selected = collect_fields(self._schema, operation.fragments, self._variables, top, operation.definition)
        selection = self._selection(top, selected)
        wanted = {entity: frozenset(names) for entity, names in self._wanted.items()}
        return Plan(selection, wanted, self._size)

    def _selection(self, kind: GraphQLObjectType, selected: CollectedFields) -> Selection:
        self._size += len(selected.grouped_field_set)
        if selected.new_defer_usages or self._size > _MAX_SIZE:
            raise NotUnderstood
        writer = Writer(kind)
        for key, details in selected.grouped_field_set.items():
            self._write(writer, key, details)
        return writer.selection()

    def _write(self, writer: Writer, key: str, details: FieldDetailsList) -> None:
        name = details[0].node.name.value
        if name == "__typename":
            writer.constant(key, writer.kind.name)
            return
        definition = self._schema.get_field(writer.kind, name)
        if definition is None:
            raise NotUnderstood
        declared = (definition.extensions or {}).get("strawberry-definition")
        right = declared.metadata.get("permission") if declared else None
        inner = definition.type.of_type if isinstance(definition.type, GraphQLNonNull) else definition.type
        if right is not None and right not in self._may:
            writer.constant(key, None)
        elif declared is not None and _is_global_id(declared):
            id = declared.base_resolver.wrapped_func.__self__.resolve_id_attr()
            self._want(writer.kind, [id])
            writer.global_id(key, id)
        elif declared is not None and (right or _is_attribute(declared, definition)) and is_leaf_type(inner):
            self._want(writer.kind, [declared.python_name])
            writer.leaf(key, declared.python_name, inner, nullable=inner is definition.type)
        else:
            writer.child(key, self._child(key, details, writer.kind, definition, declared))

    def _child(
        self,
        key: str,
        details: FieldDetailsList,
        parent: GraphQLObjectType,
        definition: GraphQLField,
        declared: StrawberryField | None,
    ) -> Child:
        is_event = declared is not None and declared.is_subscription
        if declared is not None and declared.is_async and not is_event:
            raise NotUnderstood
        nodes = [each.node for each in details]
        try:
            field = Field(key, nodes, parent, definition)
        except GraphQLError as error:
            raise NotUnderstood from error
        shape = self._shape(definition.type, details)
        if is_event:
            return EventField(field, shape)
        if declared is not None and (declared.metadata.get("permission") or _is_attribute(declared, definition)):
            self._want(parent, [declared.python_name])
            return AttributeField(field, declared.python_name, shape)
        resolver: Any = declared.base_resolver.wrapped_func if declared and declared.base_resolver else None
        levelled = resolver is not None and takes_a_level(resolver)
        self._want(parent, names_in(resolver.__code__) if levelled else None)
        otherwise = definition.resolve or default_field_resolver
        resolve = otherwise if declared is None or resolver is None else _directly(declared, resolver, otherwise)
        return ResolvedField(field, resolve, shape, takes_a_level=levelled)

    def _want(self, kind: GraphQLObjectType, attributes: Iterable[str] | None) -> None:
        """Notes which fields of its entity are looked at where these attributes, or all, of a type's objects are."""
        declared = (kind.extensions or {}).get("strawberry-definition")
        entity = getattr(declared.origin, "entity", None) if declared else None
        if entity is not None:
            names = [field.name for field in fields(entity)] if attributes is None else attributes
            self._wanted.setdefault(entity, set()).update(*(needed(entity, name) for name in names))

    def _shape(self, kind: GraphQLOutputType, details: FieldDetailsList) -> Shape:
        nullable = not isinstance(kind, GraphQLNonNull)
        inner: Any = kind if nullable else kind.of_type  # type: ignore[union-attr]
        return Completed(self._inner_shape(inner, details), nullable=nullable)

    def _inner_shape(self, kind: Any, details: FieldDetailsList) -> Shape:
        if isinstance(kind, GraphQLList):
            return ListShape(self._shape(kind.of_type, details))
        if isinstance(kind, GraphQLObjectType):
            return ObjectShape(self._below(kind, details))
        if is_leaf_type(kind):
            return LeafShape(leaves.coercion(kind))
        possible = self._schema.get_possible_types(kind)
        return AbstractShape(kind, {each.name: self._below(each, details) for each in possible})

    def _below(self, kind: Any, details: FieldDetailsList) -> Selection:
        """Made once for the same nodes: fragments that spread each other twice would double it with every level."""
        what = kind.name, tuple(id(each.node) for each in details)
        if what not in self._made:
            operation = self._operation
            self._made[what] = self._selection(
                kind,
                collect_subfields(
                    self._schema, operation.fragments, self._variables, operation.definition, kind, details
                ),
            )
        return self._made[what]


def _is_attribute(declared: StrawberryField, definition: GraphQLField) -> bool:
    """Whether the value stands in the object, under the field's own name."""
    return declared.is_basic_field and not declared.extensions and not definition.args


def _is_global_id(declared: StrawberryField) -> bool:
    resolver = declared.base_resolver.wrapped_func if declared.base_resolver else None
    return getattr(resolver, "__func__", None) is relay.Node._id.__func__


def _directly(
    declared: StrawberryField, resolver: Callable[..., Any], otherwise: Callable[..., Any]
) -> Callable[..., Any]:
    """A resolver that takes its object and `info` needs nothing of what strawberry does around it, until it is given
    what has to be converted. otherwise: the way through strawberry."""
    takes_both = list(inspect.signature(resolver).parameters)[:2] == ["self", "info"]
    is_paged = len(declared.extensions) == 1 and isinstance(declared.extensions[0], Paged)
    arguments = declared.arguments
    if not takes_both or declared.permission_classes or any(argument.is_maybe for argument in arguments):
        return otherwise
    if is_paged:
        resolver = partial(declared.extensions[0].resolve, resolver)
    elif declared.extensions:
        return otherwise
    named = {argument.graphql_name or to_camel_case(argument.python_name): argument for argument in arguments}
    plain = {name for name, argument in named.items() if _is_plain(argument.type)}
    if all(name in plain and name == argument.python_name for name, argument in named.items()):
        return lambda source, info, **given: resolver(source, Info(_raw_info=info, _field=declared), **given)

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        if any(value is not None and name not in plain for name, value in given.items()):
            return otherwise(source, info, **given)
        own = {named[name].python_name: value for name, value in given.items()}
        return resolver(source, Info(_raw_info=info, _field=declared), **own)

    return resolve


def _is_plain(kind: object) -> bool:
    """What it is given comes as graphql-core made it."""
    return (kind.of_type if isinstance(kind, StrawberryOptional) else kind) in {str, int, strawberry.ID}
