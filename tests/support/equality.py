"""One operation, executed by ours and by graphql-core, whose answers are to be equal to the byte."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from graphql import GraphQLError, execute
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.utils.await_maybe import await_maybe

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.documents import Documents
from fleet_api.graphql.graphql_request import GraphQLRequest
from fleet_api.graphql.schema import schema
from fleet_api.graphql.shared.errors import presented
from fleet_api.shared.domain.permission import Role
from tests.support.graph import desk_of
from tests.support.ground import Ground
from tests.support.schema_walk import CORE

_desk = desk_of(schema)
read = cache(Documents(CORE, sys.maxsize).read)

TURNS = [
    *[Role.PLATFORM_OPS, Role.PLATFORM_OPS, Role.PLATFORM_OPS, Role.PROVIDER_ADMIN, Role.PROVIDER_ADMIN],
    *[Role.DISPATCHER, Role.DISPATCHER, Role.FINANCE, Role.DRIVER, Role.DRIVER, Role.AUDITOR, None],
]
NO_ERRORS = b'"errors":[]}'


@dataclass(frozen=True, slots=True)
class Asked:
    seed: int
    turn: int
    document: str
    name: str | None
    variables: dict[str, Any]

    def __str__(self) -> str:
        told = f"seed {self.seed}, turn {self.turn} ({TURNS[self.turn]}), operation {self.name}"
        return "\n".join([told, self.document, json.dumps(self.variables)])


async def the_same(ground: Ground, asked: Asked, context: Callable[[], Context], about: str = "") -> bytes:
    """The answer, which both gave."""
    waits = ground.reads.waits
    expected = await stock(asked, context())
    if ground.reads.waits > waits and not expected.endswith(NO_ERRORS):
        # Whatever waited for the database told its errors later; from now on nothing waits, and their order is certain.
        expected = await stock(asked, context())
    answered = await ours(asked, context())
    assert answered == expected, f"{asked}\n{about}\nours:  {answered.decode()}\nstock: {expected.decode()}"
    return expected


async def ours(asked: Asked, context: Context) -> bytes:
    result = await _desk.execute(GraphQLRequest(asked.document, asked.variables, asked.name), context)
    return _dumped(result.data, result.errors)


async def stock(asked: Asked, context: Context) -> bytes:
    """What graphql-core answers when it executes the schema the way strawberry has it do."""
    result = await await_maybe(
        execute(
            CORE,
            read(asked.document).operation(asked.name).document,
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
