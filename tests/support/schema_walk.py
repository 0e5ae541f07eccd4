"""The schema as the walking tests see it: which types are nodes, what leads where, and how to select it."""

from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLInputType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from fleet_api.graphql.schema import schema

CORE = schema._schema
NODES = {kind.name: kind for kind in CORE.get_possible_types(CORE.type_map["Node"])}  # type: ignore[arg-type]

# Whatever a field needs to be asked at all, by the argument's name.
_ARGUMENTS = {"from": '"{yesterday}"', "to": '"{today}"'}


def relations() -> Iterator[tuple[str, str]]:
    """Every field of every node that leads to objects rather than to a value."""
    for name, kind in NODES.items():
        for field_name, field in kind.fields.items():
            if not is_leaf_type(get_named_type(field.type)):
                yield name, field_name


def leads_to_a_node_or_a_page(type_name: str, field_name: str) -> bool:
    kind = get_named_type(NODES[type_name].fields[field_name].type)
    return kind.name in NODES or kind.name.endswith("Connection")


def ask(field_name: str, field: GraphQLField) -> str:
    """The field with all that lies below it, down to the ids of the next nodes."""
    needed = [name for name, argument in field.args.items() if is_required_argument(argument)]
    given = ", ".join(f"{name}: {_ARGUMENTS[name]}" for name in needed)
    return field_name + (f"({given}) " if given else " ") + _selection(field)


def _selection(field: GraphQLField) -> str:
    kind = get_named_type(field.type)
    if is_leaf_type(kind):
        return ""
    if not isinstance(kind, GraphQLObjectType):
        return "{ __typename }"
    if kind.name in NODES:
        return "{ id }"
    # A total is a statement of its own, told of in the connections' tests.
    parts = [ask(name, inner) for name, inner in kind.fields.items() if name != "totalCount"]
    return "{ " + " ".join(parts) + " }"


def id_fields(kind: GraphQLInputType) -> Iterator[str]:
    """The fields of an input that take a global id, or a list of them."""
    for name, field in getattr(get_named_type(kind), "fields", {}).items():
        if get_named_type(field.type).name == "ID":
            yield name
