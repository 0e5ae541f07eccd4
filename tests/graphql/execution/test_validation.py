"""Validation says what graphql-core's says, and leaves next to nothing behind for a collection of garbage."""

import gc
import random
from collections.abc import Callable

import pytest
from graphql import GraphQLError, GraphQLSyntaxError, TokenKind, parse, validate
from graphql.language import Lexer, Source

from fleet_api.graphql.execution.documents import Documents, InvalidDocument
from fleet_api.graphql.execution.validation import errors_in
from fleet_api.graphql.schema import schema

_CORE = schema._schema
_VALID = [
    "{ __typename }",
    "query A($id: ID!, $n: Int = 3) { driver(id: $id) { id fullName ...Held } drivers(first: $n) { totalCount } }"
    " fragment Held on Driver { currentVehicle { id vin latestTelemetry { speedKph } } }",
    'query B($yes: Boolean!) { node(id: "x") { __typename id ... on Vehicle @include(if: $yes) { plate: vin } } }',
    'mutation C { login(input: {phone: "1", password: "2"}) { __typename ... on InvalidInput { code field } } }',
    "subscription D($pct: Int!) { stateOfChargeBelow(pct: $pct) { __typename cursor } }",
    "{ a: drivers(first: 2) { edges { node { id } cursor } pageInfo { endCursor } } __schema { types { name } } }",
]
_INVALID = [
    "{ nope }",
    "{ drivers { nope { nope } } }",
    "{ ...F } fragment F on Nope { id }",
    "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
    "{ ...F } fragment F on Query { drivers { edges { node { ...F } } } }",
    "{ driver(id: 3.5, nope: 1) { id } driver { id } }",
    "query A { __typename } query A { __typename } { __typename }",
    "query ($a: Nope, $b: Int!, $b: Driver) { drivers(first: $b, after: $c) { totalCount } }",
    "{ drivers(first: 1) { totalCount } drivers(first: 2) { totalCount } }",
    "{ __typename @nope @skip @include(if: 3) @include(if: true) }",
    'mutation { login(input: {phone: 1, phone: 2, nope: {a: [1, "b", C]}}) { code } }',
    "subscription { vehiclePositions { __typename } fleetEvents { __typename } }",
    "type Nope { a: Int } extend type Query { b: Int }",
    "{ __type { name } __schema }",
    "fragment F on Driver { id }",
    "{ " + " ".join(f"nope{number}" for number in range(9)) + " }",
    " ".join(f"query A{number} {{ nope }}" for number in range(99)),
    "{ ...F0 } " + " ".join(f"fragment F{number} on Query {{ nope ...F{number + 1} }}" for number in range(99)),
    "{ drivers { " + "edges { node { currentVehicle { " * 3 + "nope" + " } } }" * 3 + " } }",
]
_WORDS = [
    "id",
    "nope",
    "drivers",
    "$id",
    "...",
    "on",
    "Driver",
    "3",
    '"x"',
    "@skip",
    "{",
    "}",
    "(",
    ")",
    ":",
    "!",
    "null",
]


def _said(errors: list[GraphQLError]) -> list[object]:
    return [(error.message, error.locations, error.path) for error in errors]


def _words(text: str) -> list[str]:
    lexer = Lexer(Source(text))
    words = []
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        words.append(text[token.start : token.end])
    return words


def _mutants(number: int) -> list[str]:
    """Documents with a few words less, more, changed or in another order, of which some parse."""
    chance = random.Random(number)
    mutants = []
    for text in [*_VALID, *_INVALID]:
        words = _words(text)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(words))
            words[at : at + chance.randint(0, 1)] = chance.choices(_WORDS, k=chance.randint(0, 1))
            words = words or ["{"]
        mutants.append(" ".join(words))
    return mutants


@pytest.mark.parametrize("text", [*_VALID, *_INVALID])
@pytest.mark.parametrize("most", [1, 5, 100])
def test_it_says_what_graphql_core_says(text: str, most: int) -> None:
    document = parse(text)
    said = _said(errors_in(_CORE, document, most))
    assert said == _said(validate(_CORE, document, max_errors=most))
    assert bool(said) is (text in _INVALID)


def test_so_it_does_of_what_is_nearly_right() -> None:
    compared = invalid = 0
    for number in range(150):
        for text in _mutants(number):
            try:
                document = parse(text)
            except GraphQLSyntaxError:
                continue
            said = _said(errors_in(_CORE, document, 5))
            assert said == _said(validate(_CORE, document, max_errors=5)), text
            compared, invalid = compared + 1, invalid + bool(said)
    assert compared > 300
    assert 100 < invalid < compared


def test_fragments_that_nest_too_deeply_end_it() -> None:
    fragments = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(400))
    document = parse(f"{{ ...F0 }} {fragments} fragment F400 on Query {{ __typename }}")
    assert _said(errors_in(_CORE, document, 5)) == _said(validate(_CORE, document, max_errors=5))


def _left_by(what: Callable[[], object]) -> int:
    """How many objects only a collection finds, of what is done twenty times."""
    what()
    gc.collect()
    gc.disable()
    try:
        for _ in range(20):
            what()
        return gc.collect()
    finally:
        gc.enable()


@pytest.mark.parametrize("text", _INVALID)
def test_nonsense_leaves_next_to_nothing_behind(text: str) -> None:
    documents = Documents(_CORE, 20)

    def refused() -> None:
        with pytest.raises(InvalidDocument):
            documents.read(text)

    assert _left_by(refused) < 0.1 * _left_by(lambda: validate(_CORE, parse(text), max_errors=5))
