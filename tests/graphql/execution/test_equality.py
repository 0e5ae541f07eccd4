"""Whatever is asked, and whatever goes wrong meanwhile, the answer is the one that graphql-core gives, to the byte."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import orjson
import pytest
from graphql import TypeInfo, TypeInfoVisitor, visit

from fleet_api.graphql.schema import schema
from fleet_api.shared.domain.permission import Role
from tests.support.chance import Chance
from tests.support.equality import NO_ERRORS, TURNS, Asked, ours, read, stock, the_same
from tests.support.faults import FaultyReads
from tests.support.ground import TENANTS, Ground
from tests.support.operations import Operation, random_operation
from tests.support.schema_walk import CORE
from tests.support.selected import Seen, all_there_is

pytestmark = pytest.mark.usefixtures("quiet")

# Each document is asked twelve times, each time with other variables: 3,000 operations, 1,500 over faults, and
# 720 by the whole road.
_SOUND, _FAULTY, _WHOLE = 250, 125, 60
_CHUNKS = range(4)
_ROLES = list(dict.fromkeys(TURNS))
_SHARE = 0.2  # of the answers of use cases that are corrupted
_EVENT_CURSOR = re.compile(rb'"[\w-]{30,}\.[0-9]+"')


@pytest.fixture(scope="module")
def operations(ground: Ground) -> list[Operation]:
    """By turns of one tenant and of the other."""
    return [random_operation(Chance(seed), ground.known[TENANTS[seed % 2]], len(TURNS)) for seed in range(_SOUND)]


@pytest.mark.parametrize("role", _ROLES, ids=str)
@pytest.mark.parametrize("chunk", _CHUNKS)
async def test_any_query(ground: Ground, operations: list[Operation], role: Role | None, chunk: int) -> None:
    for asked in _asked(operations, role, range(chunk, _SOUND, len(_CHUNKS))):
        before = schema.roads["breadth_first"]
        answer = await the_same(ground, asked, partial(ground.context, asked.seed, role, ground.reads))
        if _is_plain(asked, answer):
            assert schema.roads["breadth_first"] > before, str(asked)


@pytest.mark.parametrize("role", _ROLES, ids=str)
@pytest.mark.parametrize("chunk", _CHUNKS)
async def test_any_query_over_faults(
    ground: Ground, operations: list[Operation], role: Role | None, chunk: int
) -> None:
    for asked in _asked(operations, role, range(chunk, _FAULTY, len(_CHUNKS))):
        reads = FaultyReads(ground.reads, f"{asked.seed} {asked.turn}", _SHARE)
        await the_same(ground, asked, partial(ground.context, asked.seed, role, reads))


@pytest.mark.parametrize("role", _ROLES, ids=str)
async def test_any_query_by_the_whole_road(ground: Ground, operations: list[Operation], role: Role | None) -> None:
    """Down to the statements, which read only what is looked at, and with it the waiting: graphql-core tells errors in
    the order in which they come up, which is chance here. Of the log's cursors, which go on with the database's
    transactions, it is only compared where they stand."""
    for asked in _asked(operations, role, range(_WHOLE)):
        before = schema.roads["breadth_first"]
        expected = await stock(asked, ground.context(asked.seed, role, ground.reads))
        answered = await ours(asked, ground.context(asked.seed, role, None))
        expected, answered = (_EVENT_CURSOR.sub(b'"a cursor"', answer) for answer in (expected, answered))
        if _is_plain(asked, expected):
            assert answered == expected, str(asked)
            assert schema.roads["breadth_first"] > before, str(asked)
        else:
            assert _errors_sorted(answered) == _errors_sorted(expected), str(asked)


def _asked(operations: list[Operation], role: Role | None, seeds: Iterable[int]) -> Iterator[Asked]:
    for seed in seeds:
        operation = operations[seed]
        for turn in (turn for turn, each in enumerate(TURNS) if each is role):
            yield Asked(seed, turn, operation.document, operation.name, operation.variables[turn])


def _is_plain(asked: Asked, answer: bytes) -> bool:
    """Whether it need not be left to graphql-core. A null that a condition reads is an error where it comes to that,
    which nobody knows beforehand."""
    return answer.endswith(NO_ERRORS) and None not in asked.variables.values()


def _errors_sorted(answer: bytes) -> Any:
    told = orjson.loads(answer)
    return told | {"errors": sorted(told["errors"], key=str)}


async def test_the_answers_are_worth_comparing(ground: Ground, operations: list[Operation]) -> None:
    sound, faulty = [], []
    for asked in _asked(operations, Role.PLATFORM_OPS, range(0, _SOUND, 3)):
        for answers, share in ((sound, 0), (faulty, _SHARE)):
            context = ground.context(asked.seed, Role.PLATFORM_OPS, FaultyReads(ground.reads, asked.turn, share))
            answers.append(orjson.loads(await stock(asked, context)))
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


async def test_the_operations_are_valid_and_select_all_that_there_is(operations: list[Operation]) -> None:
    seen: set[tuple[str, ...]] = set()
    for operation in operations:
        # Raises what a client would be told of a document that is not valid, or too deep, or too long.
        document = read(operation.document).operation(operation.name).document
        types = TypeInfo(CORE)
        visit(document, TypeInfoVisitor(types, Seen(types, seen)))
    assert set(all_there_is()) - seen == set()
    assert {("Query", "__schema"), ("Query", "__type")} <= seen
