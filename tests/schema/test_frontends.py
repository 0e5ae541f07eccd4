"""The schema is one that frontends can build on: their own tools say so."""

import pytest

from fleet_api.graphql.graphiql.build import Npm
from fleet_api.graphql.sdl import schema_in_sdl
from tests.schema.tools import HERE, compile_pages, lint
from tests.support.npm import installed

_SDL = schema_in_sdl()
_BROKEN = """
import { graphql } from 'relay-runtime'
export const broken = graphql`
  fragment Broken_driver on Driver @refetchable(queryName: "BrokenRefetchQuery") {
    fullName
    %s
  }
`
"""


@pytest.fixture(scope="module")
def npm() -> Npm:
    npm = installed(HERE)
    if isinstance(npm, str):
        pytest.skip(npm)
    return npm


def test_relays_compiler_takes_pages_nodes_and_providers(npm: Npm) -> None:
    done = compile_pages(npm, _SDL)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("selection", "told"),
    [("shoeSize", "shoeSize"), ('assignments(first: 1) @connection(key: "wrong") { edges { cursor } }', "connection")],
)
def test_relays_compiler_refuses_a_fragment_that_does_not_fit(npm: Npm, selection: str, told: str) -> None:
    done = compile_pages(npm, _SDL, Broken=_BROKEN % selection)
    assert done.returncode != 0
    assert told in done.stdout


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("type Driver implements Node {", "type Driver {", "Node"),
        ("  hasNextPage: Boolean!", "  hasMore: Boolean!", "hasNextPage"),
    ],
)
def test_relays_compiler_refuses_a_schema_that_is_not_relays(npm: Npm, was: str, becomes: str, told: str) -> None:
    assert was in _SDL
    done = compile_pages(npm, _SDL.replace(was, becomes))
    assert done.returncode != 0
    assert told in done.stdout


def test_graphql_eslint_has_nothing_to_report(npm: Npm) -> None:
    done = lint(npm, _SDL)
    assert (done.returncode, done.stdout.strip()) == (0, "")


@pytest.mark.parametrize(
    ("added", "rule"),
    [
        ('"""A leaf."""\ntype Leaf {\n"""Of what."""\ntree: String}', "strict-id-in-types"),
        ("enum Colour { RED }", "require-description"),
        ('"""Hues."""\nenum Hue {\n"""Like blood."""\nred\n}', "naming-convention"),
        ('extend type Driver {\n"""Their name."""\ndriverName: String\n}', "no-typename-prefix"),
        ('extend type Driver {\n"""Their name."""\nname: String @deprecated\n}', "require-deprecation-reason"),
        ('"""A page."""\ntype LeafConnection {\n"""Rows."""\nedges: [String]\n}', "relay-connection-types"),
        ('extend type Driver {\n"""Their rides."""\nrides: TripConnection\n}', "relay-arguments"),
    ],
)
def test_graphql_eslint_reports_what_frontends_stumble_over(npm: Npm, added: str, rule: str) -> None:
    done = lint(npm, f"{_SDL}\n{added}\n")
    assert done.returncode == 1
    assert f"@graphql-eslint/{rule}" in done.stdout
