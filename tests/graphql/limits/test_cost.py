"""What an operation costs: sizes of pages multiply down the tree, wherever they stand."""

from typing import Any

import pytest
from graphql import (
    GraphQLList,
    GraphQLObjectType,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)

from fleet_api.graphql.execution.documents import Documents
from fleet_api.graphql.limits.cost import Cost, costing
from fleet_api.settings import Settings
from fleet_api.shared.domain.output_context import Refused
from tests.support.schema_walk import CORE


def _cost(document: str, **variables: Any) -> Cost:
    operation = Documents(CORE, 100).read(document).operation(None)
    coerced = operation.variables.coerced(variables)
    assert not isinstance(coerced, list), coerced
    return costing(CORE, operation, coerced).cost(coerced.coerced)


def _rows(selection: str, fragments: str = "", **variables: Any) -> int:
    used = {name: kind for name, kind in _TYPES.items() if f"${name}" in selection + fragments}
    named = ", ".join(f"${name}: {kind}" for name, kind in used.items())
    return _cost(f"query{f'({named})' if named else ''} {{ {selection} }} {fragments}", **variables).rows


_TYPES = {"n": "Int", "m": "Int = 7", "s": "Boolean! = true", "ids": "[ID!]! = []"}


@pytest.mark.parametrize(
    ("selection", "rows"),
    [
        ("__typename", 0),
        ("eventCursor", 1),
        ("me { id fullName }", 1),
        ("me { fleetProvider { id } currentVehicle { id } }", 3),
        ("drivers { totalCount pageInfo { hasNextPage } }", 1 + 5),
        ("drivers { edges { cursor } }", 1),
        ("drivers { edges { node { id } } }", 1 + 25),
        ("drivers(first: 50) { edges { node { id } } }", 1 + 50),
        ("drivers(last: 3) { edges { node { id } } }", 1 + 3),
        ("drivers(first: 50) { edges { node { currentVehicle { latestTelemetry { speedKph } } } } }", 1 + 50 * 3),
        (
            "drivers(first: 20) { edges { node { assignments(first: 5) { edges { node { vehicle {"
            " telemetry(first: 5) { edges { node { speedKph } } } } } } } } } }",
            1 + 20 * (1 + 1 + 5 * (1 + 1 + 1 + 5)),
        ),
        ("a: drivers(first: 9) { edges { node { id } } } b: drivers(first: 9) { edges { node { id } } }", 20),
        # What is asked twice under one name is answered once.
        ("drivers(first: 9) { edges { node { id } } } drivers(first: 9) { edges { node { fullName } } }", 10),
        ('nodes(ids: ["a", "b", "c"]) { id }', 3),
        ('nodes(ids: ["a", "b"]) { ... on Driver { currentVehicle { id } } ... on Vehicle { id } }', 4),
        (
            "vehicles(first: 2) { edges { node { trips(first: 3) { edges { node { path { latitude } } } } } } }",
            1 + 2 * 20,
        ),
        ("vehicles(first: 2) { edges { node { metrics { distanceM } } } }", 1 + 2 * 11),
        ("__schema { types { name } }", 100),
    ],
)
def test_an_object_costs_one_and_pages_multiply(selection: str, rows: int) -> None:
    assert _rows(selection) == rows


_NESTED = "drivers(first: {0}) {{ edges {{ node {{ assignments(first: {1}) {{ edges {{ node {{ id }} }} }} }} }} }}"
_IN_FRAGMENTS = """fragment D on DriverConnection { edges { ...E } } fragment E on DriverEdge { node { ...N } }
    fragment N on Driver { assignments(first: 7) { edges { node { id } } } }"""


@pytest.mark.parametrize(
    ("selection", "fragments", "variables"),
    [
        (_NESTED.format(50, 7), "", {}),
        (_NESTED.format("$n", 7), "", {"n": 50}),
        (_NESTED.format(50, "$m"), "", {}),
        (_NESTED.format("$n", "$m"), "", {"n": 50, "m": 7}),
        (_NESTED.format("$m", "$n"), "", {"n": 7, "m": 50}),
        ("... { " + _NESTED.format(50, 7) + " }", "", {}),
        ("drivers(first: 50) { ...D }", _IN_FRAGMENTS, {}),
        ("other: drivers(first: 50) { also: edges { it: node { those: assignments(last: 7) {"
         " edges { node { id } } } } } }", "", {}),
        ("drivers(first: 50) { edges { node { ... @include(if: $s) { assignments(first: 7) {"
         " edges { node { id } } } } } } }", "", {}),
    ],
)  # fmt: skip
def test_a_size_multiplies_wherever_it_stands(selection: str, fragments: str, variables: dict[str, Any]) -> None:
    assert _rows(selection, fragments, **variables) == 1 + 50 * (1 + 1 + 7)


def test_what_is_skipped_costs_nothing() -> None:
    selection = "drivers(first: 50) { edges { node { id currentVehicle @skip(if: $s) { id } } } }"
    assert _rows(selection, s=True) == 51
    assert _rows(selection, s=False) == 101


def test_a_condition_that_is_null_is_no_reason_to_fail() -> None:
    """graphql-core says so where it stands, and looks at nothing below it."""
    assert _cost("query($s: Boolean = true) { drivers { edges { node { id @skip(if: $s) } } } }", s=None).values == 0
    assert _cost("query($s: Boolean = true) { me @skip(if: $s) { id } }", s=None) == Cost(0, 0)


def test_ids_in_a_variable_count() -> None:
    assert _rows("nodes(ids: $ids) { id }", ids=["x"] * 40) == 40


def test_sizes_that_will_be_refused_count_as_what_a_page_may_have() -> None:
    assert _rows("drivers(first: -5) { edges { node { id } } } vehicles { pageInfo { endCursor } }") == 2
    assert _rows("drivers(first: $n) { edges { node { id } } }", n=None) == 26
    assert _rows("drivers(first: 100000) { edges { node { id } } }") == 501


def test_a_look_at_the_schema_costs_what_it_shows() -> None:
    """No pause is made while it is shown: fifty times all fields of all fields are seconds of everybody's time."""
    whole = _cost(get_introspection_query(True, True, True, True, True))
    assert 100 < whole.rows < 500
    assert whole.values < Settings().max_values
    fields = " ".join(f"a{n}: fields {{ type {{ ...T }} }}" for n in range(7))
    again = " ".join(f"b{n}: fields {{ name description type {{ kind name }} args {{ name }} }}" for n in range(7))
    much = _cost(f"{{ __schema {{ types {{ {fields} }} }} }} fragment T on __Type {{ {again} }}")
    assert much.values > Settings().max_values


def test_what_writes_and_what_is_followed_costs_more() -> None:
    mutation = 'mutation { logout(input: {refreshToken: "x"}) { __typename } }'
    assert _cost(mutation).rows == 11
    assert _cost("subscription { vehiclePositions { __typename } }").rows == 11


def test_values_are_counted_with_their_rows() -> None:
    document = "{ drivers(first: 20) { totalCount edges { cursor node { id fullName currentVehicle { plate } } } } }"
    assert _cost(document).values == 1 + 20 * 4
    assert _cost("{ trips: vehicles(first: 1) { edges { node { trips(first: 2) { edges { node {"
                 " path { latitude longitude } } } } } } } }").values == 2 * 500 * 2  # fmt: skip


def test_fragments_that_spread_each_other_twice_are_counted_at_once() -> None:
    doubled = [
        f"fragment f{n} on Vehicle {{ a: currentDriver {{ currentVehicle {{ ...f{n + 1} }} }}"
        f" b: currentDriver {{ currentVehicle {{ ...f{n + 1} }} }} }}"
        for n in range(30)
    ]
    document = f"{{ vehicles {{ edges {{ node {{ ...f0 }} }} }} }} {' '.join(doubled)} fragment f30 on Vehicle {{ id }}"
    assert _cost(document).rows > 2**30


def test_what_selects_too_many_fields_is_not_counted() -> None:
    """Each under the same key, from fragments of their own, so that none is counted before."""
    fields = " ".join(f"a{n}: id" for n in range(2_000))
    with pytest.raises(Refused) as refused:
        _cost(f'{{ nodes(ids: ["x"]) {{ {fields} }} }}')
    assert refused.value.refusal.code == "COST_TOO_HIGH"


def test_every_list_of_the_schema_itself_has_a_size() -> None:
    for kind in CORE.type_map.values():
        if isinstance(kind, GraphQLObjectType) and kind.name.startswith("__"):
            inner = " ".join(
                f"{name} {{ __typename }}" if not is_leaf_type(get_named_type(field.type)) else name
                for name, field in kind.fields.items()
            )
            path = _TO_SCHEMA_TYPES[kind.name]
            assert _cost(f"{{ {path} {{ {inner} {'}' * (path.count('{') + 1)} }}").values > 0


_TO_SCHEMA_TYPES = {
    "__Schema": "__schema",
    "__Type": '__type(name: "Driver")',
    "__Field": '__type(name: "Driver") { fields',
    "__InputValue": '__type(name: "Driver") { inputFields',
    "__EnumValue": '__type(name: "Driver") { enumValues',
    "__Directive": "__schema { directives",
}


def test_every_list_of_objects_says_how_long_it_may_be() -> None:
    """Or it would count as 25, whatever it holds."""
    unsaid = []
    for kind in CORE.type_map.values():
        if not isinstance(kind, GraphQLObjectType) or kind.name.startswith("__") or kind.name.endswith("Connection"):
            continue
        for name, field in kind.fields.items():
            is_list = isinstance(get_nullable_type(field.type), GraphQLList)
            if is_list and not is_leaf_type(get_named_type(field.type)) and "ids" not in field.args:
                declared = (field.extensions or {}).get("strawberry-definition")
                if declared is None or "size" not in declared.metadata:
                    unsaid.append(f"{kind.name}.{name}")
    assert unsaid == []
