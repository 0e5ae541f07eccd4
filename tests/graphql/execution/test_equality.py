"""Whatever is asked, and whatever goes wrong meanwhile, the answer is the one that graphql-core gives, to the byte."""

import json
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, is_dataclass, replace
from functools import cache, partial
from random import Random
from typing import Any

import orjson
import pytest
from graphql import (
    GraphQLError,
    TypeInfo,
    TypeInfoVisitor,
    execute,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    visit,
)
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.utils.await_maybe import await_maybe
from structlog.testing import capture_logs

from fleet_api.demo.demo_ids import provider_id
from fleet_api.graphql.app import make_app
from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.documents import Documents
from fleet_api.graphql.graphql_request import GraphQLRequest
from fleet_api.graphql.schema import schema
from fleet_api.graphql.shared.errors import presented
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from tests.support.api import Api, local_id
from tests.support.demo import ids_of
from tests.support.faults import ChangedReads, FaultyReads, Reads, StillReads, nearly
from tests.support.graph import desk_of
from tests.support.operations import Known, Operation, random_operation
from tests.support.schema_walk import CORE, NODES
from tests.support.selected import Seen, all_there_is

_desk = desk_of(schema)
_MOST = sys.maxsize
_read = cache(Documents(CORE, _MOST).read)

# Each document is asked twelve times, each time with other variables: 3,000 operations, 1,500 over faults, and
# 720 by the whole road.
_SOUND, _FAULTY, _WHOLE = 250, 125, 60
_CHUNKS = range(4)
_TENANTS = ["north", "harbor"]
_TURNS = [
    *[Role.PLATFORM_OPS, Role.PLATFORM_OPS, Role.PLATFORM_OPS, Role.PROVIDER_ADMIN, Role.PROVIDER_ADMIN],
    *[Role.DISPATCHER, Role.DISPATCHER, Role.FINANCE, Role.DRIVER, Role.DRIVER, Role.AUDITOR, None],
]
_ROLES = list(dict.fromkeys(_TURNS))
_SHARE = 0.2  # of the answers of use cases that are corrupted
_NO_ERRORS = b'"errors":[]}'
_EVENT_CURSOR = re.compile(rb'"[\w-]{30,}\.[0-9]+"')

_CURSORS = {
    "AuditEntryConnection": "auditEntries(first: 3) { edges { cursor } }",
    "FleetProviderConnection": "fleetProviders(first: 3) { edges { cursor } }",
    "DriverConnection": "drivers(first: 9) { edges { cursor } }",
    "VehicleConnection": "vehicles(first: 9) { edges { cursor } }",
    "VehicleModelConnection": "vehicleModels(first: 9) { edges { cursor } }",
    "GeofenceConnection": "geofences(first: 3) { edges { cursor } }",
    "VehicleAssignmentConnection": "drivers(first: 9) { edges { node { assignments { edges { cursor } } } } }",
    "TelemetryPointConnection": "vehicles(first: 4) { edges { node { telemetry(first: 2) { edges { cursor } } } } }",
    "TripConnection": "vehicles(first: 4) { edges { node { trips(first: 2) { edges { cursor } } } } }",
    "GeofenceCrossingConnection": "geofences { edges { node { crossings(first: 2) { edges { cursor } } } } }",
}
_HELD = "{ vehicles(first: 100) { edges { node { id currentDriver { id } } } } }"


class _Context(Context):
    """A context whose reads are others'."""

    reads: Reads

    async def read(self, depends: Any, dto: Any) -> Any:
        return await self.reads.read(depends, dto, self.viewer)


@dataclass(frozen=True, slots=True)
class Ground:
    """What all operations stand on: the demo as it is at one instant. drivers: of each tenant, one who holds a vehicle.
    operations: by turns of one tenant and of the other. ids: one of each kind of node."""

    unit_of_work: UnitOfWork
    reads: StillReads
    services: Services
    drivers: dict[str, str]
    operations: list[Operation]
    ids: dict[str, str]

    def context(self, seed: int, role: Role | None, reads: Reads | None) -> Context:
        """reads: None for the database's own."""
        tenant = _TENANTS[seed % 2]
        viewer = ANONYMOUS
        if role is not None:
            subject = self.drivers[tenant] if role is Role.DRIVER else "someone"
            viewer = Viewer(subject, role, None if role is Role.PLATFORM_OPS else provider_id(tenant))
        language = "es" if role is Role.DISPATCHER else "en"
        context = (_Context if reads else Context)(self.unit_of_work, self.services, viewer, language, "a-request")
        if reads:
            context.reads = reads
        return context


@pytest.fixture(scope="module")
async def ground(settings: Settings, services: Services, demo_url: str) -> AsyncIterator[Ground]:
    now = services.now()
    services = replace(services, now=lambda: now)
    known, drivers = {}, {}
    unlimited = {name: _MOST for name in settings.model_dump() if name.startswith("max_") or name == "budget"}
    app = make_app(settings.model_copy(update={**unlimited, "introspection": True}), demo_url)
    async with Api.serving(app, services) as api:
        auditors = {tenant: api.as_role(Role.AUDITOR, provider_id(tenant)) for tenant in _TENANTS}
        ids = {tenant: {kind: await ids_of(auditors[tenant], kind, limit=6) for kind in NODES} for tenant in _TENANTS}
        for own, foreign in zip(_TENANTS, reversed(_TENANTS), strict=True):
            held = next(each for each in _named("node", await auditors[own].data(_HELD)) if each["currentDriver"])
            drivers[own] = local_id(held["currentDriver"]["id"])
            # Mostly what the tenant's viewers may see, so that there is something to compare.
            of_driver = {"Driver": [held["currentDriver"]["id"]] * 16, "Vehicle": [held["id"]] * 16}
            some = {kind: ids[own][kind] * 3 + ids[foreign][kind] + of_driver.get(kind, []) for kind in NODES}
            pages = {kind: await auditors[own].data(f"{{ {asked} }}") for kind, asked in _CURSORS.items()}
            known[own] = Known(some, {kind: list(_named("cursor", page)) for kind, page in pages.items()}, now)
    operations = [random_operation(Random(seed), known[_TENANTS[seed % 2]], len(_TURNS)) for seed in range(_SOUND)]
    some_ids = {kind: ids["north"][kind][0] for kind in NODES}
    database = Database(demo_url)
    unit_of_work = UnitOfWork(database, services, deadline_s=60)
    yield Ground(unit_of_work, StillReads(unit_of_work), services, drivers, operations, some_ids)
    await database.close()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Every masked error is logged, and there are thousands."""
    with capture_logs():
        yield


@pytest.mark.parametrize("role", _ROLES, ids=str)
@pytest.mark.parametrize("chunk", _CHUNKS)
async def test_any_query(ground: Ground, role: Role | None, chunk: int) -> None:
    for asked in _asked(ground, role, range(chunk, _SOUND, len(_CHUNKS))):
        before = schema.roads["breadth_first"]
        answer = await _the_same(ground, asked, partial(ground.context, asked.seed, role, ground.reads))
        if _is_plain(asked, answer):
            assert schema.roads["breadth_first"] > before, str(asked)


@pytest.mark.parametrize("role", _ROLES, ids=str)
@pytest.mark.parametrize("chunk", _CHUNKS)
async def test_any_query_over_faults(ground: Ground, role: Role | None, chunk: int) -> None:
    for asked in _asked(ground, role, range(chunk, _FAULTY, len(_CHUNKS))):
        reads = FaultyReads(ground.reads, f"{asked.seed} {asked.turn}", _SHARE)
        await _the_same(ground, asked, partial(ground.context, asked.seed, role, reads))


@pytest.mark.parametrize("kind", sorted(NODES))
async def test_any_field_that_is_nearly_right(ground: Ground, kind: str) -> None:
    """One field is wrong at a time, in a node or in what comes with it, in each way that its type leads to expect."""

    def spoil(of: type, name: str, wrong: Any, thing: Any) -> Any:
        return replace(thing, **{name: copy(wrong)}) if type(thing) is of else thing

    asked, context = _one_node(ground, kind, _all_of(kind))
    met = await _met(ground, asked, context)
    # Of other nodes only the ids are shown: they have a turn of their own.
    things = {of: thing for of, thing in met.items() if is_dataclass(of) and of.__name__ not in set(NODES) - {kind}}
    assert things
    for of, thing in things.items():
        for name in of.__dataclass_fields__:
            for wrong in nearly(getattr(thing, name)):
                spoilt = partial(context, ChangedReads(ground.reads, partial(spoil, of, name, wrong)))
                await _the_same(ground, asked, spoilt, f"{of.__name__}.{name} = {wrong!r}")


@pytest.mark.parametrize("kind", sorted(NODES))
async def test_anything_that_is_something_else(ground: Ground, kind: str) -> None:
    """Nothing is asked of it that it might not have."""

    def swap(of: type, wrong: Any, thing: Any) -> Any:
        return copy(wrong) if type(thing) is of else thing

    asked, context = _one_node(ground, kind, _names_of(kind))
    for of in await _met(ground, asked, context):
        for wrong in nearly(object()):
            swapped = partial(context, ChangedReads(ground.reads, partial(swap, of, wrong)))
            await _the_same(ground, asked, swapped, f"{wrong!r} for a {of.__name__}")


def _one_node(ground: Ground, kind: str, selection: str) -> tuple["Asked", Callable[[Reads], Context]]:
    document = f"query($id: ID!) {{ node(id: $id) {{ ... on {kind} {selection} }} }}"
    asked = Asked(0, 0, document, None, {"id": ground.ids[kind]})
    return asked, partial(ground.context, asked.seed, Role.PLATFORM_OPS)


async def _met(ground: Ground, asked: "Asked", context: Callable[[Reads], Context]) -> dict[type, Any]:
    """One of each kind of thing that the answer is made of."""
    met: dict[type, Any] = {}

    def note(thing: Any) -> Any:
        met[type(thing)] = thing
        return thing

    await _the_same(ground, asked, partial(context, ChangedReads(ground.reads, note)))
    return met


def _names_of(kind: str) -> str:
    """Of everything that a type's objects lead to, the type alone."""
    shown = ["__typename"]
    for name, field in CORE.type_map[kind].fields.items():
        if not is_leaf_type(get_named_type(field.type)):
            shown.append(f"{name} {{ __typename }}")
        if "first" in field.args:
            shown.append(f"{name}_edges: {name}(first: 2) {{ edges {{ __typename }} }}")
            shown.append(f"{name}_nodes: {name}(first: 2) {{ edges {{ node {{ __typename }} }} }}")
    return f"{{ {' '.join(shown)} }}"


def _all_of(kind: str) -> str:
    """All values of a type's objects, of what they consist of, and of the edges that they lead to."""
    shown = ["__typename"]
    for name, field in CORE.type_map[kind].fields.items():
        below = get_named_type(field.type)
        asked = f"{name}(first: 2)" if "first" in field.args else name
        if is_leaf_type(below):
            shown.append(asked)
        elif is_abstract_type(below):
            members = (f"... on {each.name} {_all_of(each.name)}" for each in CORE.get_possible_types(below))
            shown.append(f"{asked} {{ {' '.join(members)} }}")
        else:
            shown.append(f"{asked} {'{ id }' if below.name in NODES else _all_of(below.name)}")
    return f"{{ {' '.join(shown)} }}"


@pytest.mark.parametrize("role", _ROLES, ids=str)
async def test_any_query_by_the_whole_road(ground: Ground, role: Role | None) -> None:
    """Down to the statements, which read only what is looked at, and with it the waiting: graphql-core tells errors in
    the order in which they come up, which is chance here. Of the log's cursors, which go on with the database's
    transactions, it is only compared where they stand."""
    for asked in _asked(ground, role, range(_WHOLE)):
        before = schema.roads["breadth_first"]
        expected = await _stock(asked, ground.context(asked.seed, role, ground.reads))
        answered = await _ours(asked, ground.context(asked.seed, role, None))
        expected, answered = (_EVENT_CURSOR.sub(b'"a cursor"', answer) for answer in (expected, answered))
        if _is_plain(asked, expected):
            assert answered == expected, str(asked)
            assert schema.roads["breadth_first"] > before, str(asked)
        else:
            assert _errors_sorted(answered) == _errors_sorted(expected), str(asked)


@dataclass(frozen=True, slots=True)
class Asked:
    seed: int
    turn: int
    document: str
    name: str | None
    variables: dict[str, Any]

    def __str__(self) -> str:
        told = f"seed {self.seed}, turn {self.turn} ({_TURNS[self.turn]}), operation {self.name}"
        return "\n".join([told, self.document, json.dumps(self.variables)])


def _asked(ground: Ground, role: Role | None, seeds: Iterable[int]) -> Iterator[Asked]:
    for seed in seeds:
        operation = ground.operations[seed]
        for turn in (turn for turn, each in enumerate(_TURNS) if each is role):
            yield Asked(seed, turn, operation.document, operation.name, operation.variables[turn])


def _is_plain(asked: Asked, answer: bytes) -> bool:
    """Whether it need not be left to graphql-core. A null that a condition reads is an error where it comes to that,
    which nobody knows beforehand."""
    return answer.endswith(_NO_ERRORS) and None not in asked.variables.values()


def _errors_sorted(answer: bytes) -> Any:
    read = orjson.loads(answer)
    return read | {"errors": sorted(read["errors"], key=str)}


async def _the_same(ground: Ground, asked: Asked, context: Callable[[], Context], about: str = "") -> bytes:
    """The answer, which both gave."""
    waits = ground.reads.waits
    expected = await _stock(asked, context())
    if ground.reads.waits > waits and not expected.endswith(_NO_ERRORS):
        # Whatever waited for the database told its errors later; from now on nothing waits, and their order is certain.
        expected = await _stock(asked, context())
    answered = await _ours(asked, context())
    assert answered == expected, f"{asked}\n{about}\nours:  {answered.decode()}\nstock: {expected.decode()}"
    return expected


async def _ours(asked: Asked, context: Context) -> bytes:
    result = await _desk.execute(GraphQLRequest(asked.document, asked.variables, asked.name), context)
    return _dumped(result.data, result.errors)


async def _stock(asked: Asked, context: Context) -> bytes:
    """What graphql-core answers when it executes the schema the way strawberry has it do."""
    result = await await_maybe(
        execute(
            CORE,
            _read(asked.document).operation(asked.name).document,
            variable_values=asked.variables,
            operation_name=asked.name,
            context_value=context,
            executor_class=StrawberryGraphQLCoreExecutionContext,
            is_awaitable=optimized_is_awaitable,
        )
    )
    return _dumped(result.data, presented(result.errors or [], context))


def _dumped(data: Any, errors: list[GraphQLError] | None) -> bytes:
    return orjson.dumps({"data": data, "errors": [error.formatted for error in errors or []]})


def _named(name: str, tree: Any) -> Iterator[Any]:
    """All values under a name, anywhere in an answer."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == name:
                yield value
            yield from _named(name, value)
    elif isinstance(tree, list):
        for each in tree:
            yield from _named(name, each)


async def test_the_answers_are_worth_comparing(ground: Ground) -> None:
    sound, faulty = [], []
    for asked in _asked(ground, Role.PLATFORM_OPS, range(0, _SOUND, 3)):
        for answers, share in ((sound, 0), (faulty, _SHARE)):
            context = ground.context(asked.seed, Role.PLATFORM_OPS, FaultyReads(ground.reads, asked.turn, share))
            answers.append(orjson.loads(await _stock(asked, context)))
    assert len(sound) > 200
    assert 0.6 < _share(sound, lambda answer: not answer["errors"]) < 0.95
    assert _share(sound, lambda answer: len(list(_steps(answer["data"]))) > 50) > 0.1
    assert _share(sound, lambda answer: max(map(len, _steps(answer["data"])), default=0) > 8) > 0.05
    assert _share(faulty, lambda answer: answer["errors"]) > 0.3
    assert _share(faulty, lambda answer: answer["errors"] and any(_steps(answer["data"]))) > 0.15
    assert _share(faulty, lambda answer: any(int in map(type, path) for path in _paths(answer))) > 0.08


def _paths(answer: Any) -> Iterator[list[str | int]]:
    return (error["path"] for error in answer["errors"] if "path" in error)


def _share(answers: list[Any], has: Callable[[Any], Any]) -> float:
    return sum(map(bool, map(has, answers))) / len(answers)


def _steps(tree: Any) -> Iterator[tuple[str | int, ...]]:
    """The paths to all leaves of an answer that are not null."""
    if isinstance(tree, dict | list):
        for step, below in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from ((step, *steps) for steps in _steps(below))
    elif tree is not None:
        yield ()


async def test_the_operations_are_valid_and_select_all_that_there_is(ground: Ground) -> None:
    seen: set[tuple[str, ...]] = set()
    for operation in ground.operations:
        # Raises what a client would be told of a document that is not valid, or too deep, or too long.
        document = _read(operation.document).operation(operation.name).document
        types = TypeInfo(CORE)
        visit(document, TypeInfoVisitor(types, Seen(types, seen)))
    assert set(all_there_is()) - seen == set()
    assert {("Query", "__schema"), ("Query", "__type")} <= seen
