"""Which road an operation takes, and what that costs."""

import gc
from collections.abc import AsyncIterator

import pytest

from fleet_api.demo.demo_ids import driver_id, provider_id, vehicle_id
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.graphql.app import FleetApp, make_app
from fleet_api.graphql.execution.compiler import Compiler
from fleet_api.graphql.schema import schema
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api, global_id
from tests.support.graph import ready

_DRIVER = global_id("Driver", driver_id("north", 0))
_VEHICLE = global_id("Vehicle", vehicle_id("north", 0))
_FAST = {
    "a connection": "{ drivers(first: 3) { edges { cursor node { id } } pageInfo { endCursor } totalCount } }",
    "nested pages": "{ drivers(first: 3) { edges { node { assignments(first: 2) { edges { cursor } } } } } }",
    "aliases": "{ one: drivers(first: 1) { edges { node { name: fullName } } } two: vehicles { totalCount } }",
    "a node": f'{{ node(id: "{_DRIVER}") {{ __typename id ... on Driver {{ currentVehicle {{ plate }} }} }} }}',
    "nodes": f'{{ nodes(ids: ["{_DRIVER}", "{_VEHICLE}", "{_DRIVER}"]) {{ id ... on Vehicle {{ plate }} }} }}',
    "a union": "{ geofences { edges { node { shape { ... on Circle { radiusM } ... on Polygon { __typename } } } } } }",
    "fragments": """{ drivers { ...Page } } fragment Page on DriverConnection { edges { node { ...N } } }
        fragment N on Node { id }""",
    "introspection": '{ __typename __type(name: "Driver") { fields { type { kind ofType { name } } } } me { id } }',
    "constants": "{ drivers(first: 2) { edges { node { fullName @skip(if: true) status @include(if: true) } } } }",
    "the viewer": "{ viewer { role fleetProvider { legalName totals { drivers vehicles charging } } } }",
}


@pytest.fixture
def app(settings: Settings, demo_url: str) -> FleetApp:
    """With a single connection to read on."""
    return make_app(settings.model_copy(update={"pool_size": 2, "max_aliases": 200}), demo_url)


@pytest.fixture
async def north(app: FleetApp, services: Services) -> AsyncIterator[Api]:
    """A dispatcher's."""
    async with Api.serving(app, services) as api:
        schema.roads.clear()
        yield api.as_role(Role.DISPATCHER, provider_id("north"))


@pytest.mark.parametrize("what", _FAST)
async def test_all_of_the_language_is_executed_breadth_first(north: Api, what: str) -> None:
    assert await north.data(_FAST[what])
    assert schema.roads == {"breadth_first": 1}


@pytest.mark.parametrize("skipped", [True, False])
async def test_what_is_skipped_by_a_variable_is_another_plan(north: Api, skipped: bool) -> None:
    document = "query($s: Boolean!) { drivers(first: 1) { edges { node { id @skip(if: $s) status } } } }"
    data = await north.data(document, {"s": skipped})
    assert set(data["drivers"]["edges"][0]["node"]) == ({"status"} if skipped else {"id", "status"})
    assert schema.roads == {"breadth_first": 1}


async def test_what_a_role_may_not_see_is_another_plan(north: Api) -> None:
    document = "{ drivers(first: 1) { edges { node { phone } } } }"
    shown = await north.data(document)
    hidden = await Api(north.client, north._services).as_role(Role.FINANCE, provider_id("north")).data(document)
    assert shown["drivers"]["edges"][0]["node"]["phone"]
    assert hidden["drivers"]["edges"][0]["node"]["phone"] is None
    assert schema.roads == {"breadth_first": 2}


async def test_mutations_are_graphql_cores(north: Api) -> None:
    await north.execute('mutation { logout(input: {refreshToken: "x"}) { __typename } }')
    assert schema.roads == {}


async def test_an_anomaly_costs_no_statement_twice(north: Api, statements: list[str]) -> None:
    fine = "drivers(first: 50) { edges { node { currentVehicle { latestTelemetry { speedKph } } } } }"
    answer = await north.execute(f'{{ {fine} wrong: node(id: "nonsense") {{ id }} }}')
    assert answer.codes == ["INVALID_ID"]
    assert answer.data["drivers"]["edges"]
    # graphql-core began anew, and read all three levels once; the plan had come to an end before it read anything.
    assert schema.roads == {"both": 1}
    assert len(statements) == 3
    statements.clear()
    answer = await north.execute(f'{{ {fine} later: drivers(after: "nonsense") {{ totalCount }} }}')
    assert answer.codes == ["INVALID_CURSOR"]
    assert len(statements) == 3


async def test_a_level_is_read_on_one_connection(north: Api, statements: list[str]) -> None:
    edges = "currentVehicle { id } fleetProvider { id } assignments { totalCount }"
    wide = f"{{ drivers(first: 9) {{ edges {{ node {{ {edges} }} }} }} }}"
    assert await north.data(wide)
    assert len(statements) == 5  # the drivers; three kinds of edges, and the totals of one


async def test_what_two_levels_share_is_read_once(north: Api, statements: list[str]) -> None:
    shared = (
        "{ drivers(first: 9) { edges { node { fleetProvider { id } currentVehicle { fleetProvider { taxId } } } } } }"
    )
    assert await north.data(shared)
    assert len(statements) == 3


async def test_a_document_is_parsed_and_validated_once(north: Api, app: FleetApp) -> None:
    document = "{ drivers(first: 1) { edges { cursor } } } # test_a_document_is_parsed_and_validated_once"
    for _ in range(5):
        await north.data(document)
    assert (app.documents.misses, app.documents.hits) == (1, 4)


async def test_what_was_read_for_an_answer_goes_with_it(north: Api) -> None:
    """What only a collection of garbage finds holds up everybody when it comes."""
    document = "{ drivers(first: 9) { edges { node { currentVehicle { plate } } } pageInfo { endCursor } } }"
    await north.data(document)
    gc.collect()
    gc.disable()
    try:
        await north.data(document)
        assert not [thing for thing in gc.get_objects() if isinstance(thing, Driver)]
    finally:
        gc.enable()


_DOUBLED = {
    "Vehicle": ("vehicles { edges { node { ...f0 } } }", "currentDriver { currentVehicle { %s } }", 5),
    "__Type": ('__type(name: "Query") { ...f0 }', "ofType { %s }", 14),
}


@pytest.mark.parametrize("kind", _DOUBLED)
def test_fragments_that_spread_each_other_twice_make_no_huge_plan(kind: str) -> None:
    """A thousand bytes of them could hold up everybody for seconds, without a token."""
    top, edge, levels = _DOUBLED[kind]
    below = [edge % f"...f{level + 1}" for level in range(levels)]
    doubled = [f"fragment f{level} on {kind} {{ a: {edge} b: {edge} }}" for level, edge in enumerate(below)]
    document = f"{{ {top} }} {' '.join(doubled)} fragment f{levels} on {kind} {{ __typename }}"
    asked = ready(schema, document)
    assert Compiler(schema._schema, asked.operation, asked.variables, ()).compile().size < 100


async def test_an_operation_that_would_make_a_huge_plan_is_graphql_cores(north: Api) -> None:
    """All that implement Node have each of these fields, and a loop of their own to render them."""
    fields = " ".join(f"a{number}: id" for number in range(200))
    data = await north.data(f'{{ nodes(ids: ["{_DRIVER}"]) {{ {fields} }} }}')
    assert set(data["nodes"][0].values()) == {_DRIVER}
    assert schema.roads == {"graphql_core": 1}
