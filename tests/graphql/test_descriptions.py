"""GraphiQL explains everything: each type, field, argument and enum value has words."""

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    is_introspection_type,
)

from tests.support.schema_walk import CORE


def _silent() -> Iterator[str]:
    for name, kind in CORE.type_map.items():
        if is_introspection_type(kind):
            continue
        if not kind.description:
            yield name
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                if not field.description:
                    yield f"{name}.{field_name}"
                yield from (f"{name}.{field_name}({a})" for a, arg in field.args.items() if not arg.description)
        elif isinstance(kind, GraphQLInputObjectType):
            yield from (f"{name}.{field}" for field, value in kind.fields.items() if not value.description)
        elif isinstance(kind, GraphQLEnumType):
            yield from (f"{name}.{value}" for value, member in kind.values.items() if not member.description)
        else:
            assert isinstance(kind, GraphQLScalarType) or kind.description


def test_everything_is_described() -> None:
    assert list(_silent()) == []
