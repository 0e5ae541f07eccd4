"""Inputs that are coerced by the column are what graphql-core makes of them, or are left to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from graphql import (
    GraphQLInputType,
    Undefined,
    build_schema,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    parse,
)
from graphql.execution.values import VariableValues, get_variable_values
from graphql.utilities import coerce_input_value
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet_api.graphql.execution.anomaly import Anomaly
from fleet_api.graphql.execution.inputs import coercer_of
from fleet_api.graphql.execution.variables import Variables
from fleet_api.graphql.schema import schema

_CORE = schema._schema
_OWN = build_schema(
    """
    type Query { a: Int }
    enum Color { RED GREEN }
    input Leaf { id: ID!, n: Int = 7, x: Float!, s: String, b: Boolean, color: Color = RED, tags: [String!] }
    input Tree { leaf: Leaf!, leaves: [Leaf!], maybe: [Leaf], grid: [[Int!]!], name: String = "oak" }
    input Chain { next: Chain }
    input Either @oneOf { a: Int, b: Int }
    """
)
_TYPES: dict[str, GraphQLInputType] = {
    **{name: kind for name, kind in _CORE.type_map.items() if is_input_object_type(kind)},
    **{name: _OWN.type_map[name] for name in ("Leaf", "Tree")},
}
_SCALARS: dict[str, Sequence[Any]] = {
    "Int": [0, -5, 2**31 - 1, -(2**31)],
    "Float": [0.5, -1.5, 0, 7, 2**53, 1e300],
    "String": ["", "text"],
    "ID": ["x", "VmVoaWNsZTo="],
    "Boolean": [True, False],
    "DateTime": ["2026-01-31T08:00:00Z", "2026-01-31T08:00:00.123456+02:00", "2026-01-31T08:00:00"],
    "Date": ["2026-01-31"],
}
_ODD: Sequence[Any] = [
    *(None, True, 1.0, 1.5, 2**31, 2**53 + 1, 10**400, float("inf"), float("nan"), "", "text", "1", [], [None], {}),
    *({"unknown": 1}, "2026-02-31T08:00:00Z", "RED", "PURPLE", [[1]], [{}]),
]


def _values(kind: Any, odd: bool) -> st.SearchStrategy[Any]:
    """What fits the type; where `odd`, with something in it now and then that may not."""
    fitting = _bare(kind.of_type, odd) if is_non_null_type(kind) else st.one_of(_bare(kind, odd), st.none())
    return st.one_of(*[fitting] * 9, st.sampled_from(_ODD)) if odd else fitting


def _bare(kind: Any, odd: bool) -> st.SearchStrategy[Any]:
    if is_list_type(kind):
        return st.lists(_values(kind.of_type, odd), max_size=4)
    if is_input_object_type(kind):
        needed = {n: _values(f.type, odd) for n, f in kind.fields.items() if is_non_null_type(f.type)}
        others = {n: _values(f.type, odd) for n, f in kind.fields.items() if n not in needed}
        if odd:
            others["unknown"] = st.none()
        return st.fixed_dictionaries(needed, optional=others)
    if is_enum_type(kind):
        return st.sampled_from(list(kind.values))
    return st.sampled_from(_SCALARS[kind.name])


def _plain(value: Any) -> Any:
    """Columns as the lists that they stand for, and every value with its type."""
    if isinstance(value, dict):
        return [(name, _plain(each)) for name, each in value.items()]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return type(value), value


@pytest.mark.parametrize("name", sorted(_TYPES))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_coerced_is_what_graphql_core_makes_of_it(name: str, data: st.DataObject) -> None:
    coerce = coercer_of(_TYPES[name])
    if coerce is None:
        return
    value = data.draw(_values(_TYPES[name], odd=True))
    try:
        found = coerce(value)
    except Anomaly:
        return
    expected = coerce_input_value(value, _TYPES[name])
    assert expected is not Undefined
    assert _plain(found) == _plain(expected)


@pytest.mark.parametrize("name", ["RecordTelemetryInput", "BoxInput", "Tree"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_fits_is_not_left_to_graphql_core(name: str, data: st.DataObject) -> None:
    coerce = coercer_of(_TYPES[name])
    assert coerce
    value = data.draw(_bare(_TYPES[name], odd=False))
    expected = coerce_input_value(value, _TYPES[name])
    assert _plain(coerce(value)) == _plain(expected)


@pytest.mark.parametrize("name", ["Chain", "Either"])
def test_a_type_with_rules_of_its_own_is_left_to_graphql_core(name: str) -> None:
    assert coercer_of(_OWN.type_map[name]) is None  # type: ignore[arg-type]


_POINT = {
    "vehicleId": "x",
    "recordedAt": "2026-01-31T08:00:00Z",
    "source": "obd",
    "latitude": 1,
    "longitude": 2.5,
    "odometerM": 7,
}


@pytest.mark.parametrize(
    "change",
    [
        *({"odometerM": odd} for odd in (1.0, 1.5, True, 2**31, "7", [7])),
        *({"latitude": odd} for odd in (None, True, "1", 2**53 + 1, 10**400)),
        *({"recordedAt": odd} for odd in (None, "yesterday", 1_769_846_400)),
        *({"vehicleId": odd} for odd in (None, 7, 7.5)),
        {"unknown": None},
        {"pluggedIn": 1},
        {"sequence": None},
    ],
)
def test_one_odd_point_among_many_is_told_as_graphql_core_tells_it(change: dict[str, Any]) -> None:
    document = parse("mutation($input: RecordTelemetryInput!) { recordTelemetry(input: $input) { __typename } }")
    (definition,) = document.definitions
    values = {"input": {"points": [_POINT] * 3 + [_POINT | change] + [_POINT]}}
    ours = Variables(_CORE, definition).coerced(values)  # type: ignore[arg-type]
    theirs = get_variable_values(_CORE, definition.variable_definitions, values, 50)  # type: ignore[attr-defined]
    if isinstance(theirs, VariableValues):
        assert isinstance(ours, VariableValues)
        assert _plain(ours.coerced) == _plain(theirs.coerced)
    else:
        assert [error.formatted for error in ours] == [error.formatted for error in theirs]  # type: ignore[union-attr]


def test_a_column_has_none_where_a_point_has_nothing() -> None:
    coerce = coercer_of(_TYPES["RecordTelemetryInput"])
    assert coerce
    points = coerce({"points": [_POINT, _POINT | {"speedKph": 5}, _POINT | {"speedKph": None}]})["points"]
    assert (points.column("speedKph"), points.column("sequence")) == ([None, 5.0, None], [0, 0, 0])
    assert points.column("headingDeg") == ()
    assert points.column("recordedAt") == [datetime.fromisoformat("2026-01-31T08:00:00Z")] * 3
    assert [point["speedKph"] for point in points[1:]] == [5.0, None]
