"""Feeds subscriptions, each from a task of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from strawberry.types.execution import ExecutionResult, PreExecutionError

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.fleet_schema import FleetSchema
from fleet_api.graphql.graphql_request import GraphQLRequest
from fleet_api.graphql.live.member import Member
from fleet_api.graphql.transport.operation import encoded


class TaskFollowing:
    def __init__(self, results: AsyncIterator[ExecutionResult], first: ExecutionResult, member: Member) -> None:
        self._task = asyncio.create_task(_feed(results, first, member))

    def stop(self) -> None:
        self._task.cancel()


class StreamingLive:
    def __init__(self, schema: FleetSchema) -> None:
        self._schema = schema

    async def follow(self, asked: GraphQLRequest, context: Context, member: Member) -> TaskFollowing | ExecutionResult:
        name = asked.operation_name
        results = await self._schema.stream(asked.query, asked.variables, context, operation_name=name)
        first = await anext(results)
        return first if isinstance(first, PreExecutionError) else TaskFollowing(results, first, member)


async def _feed(results: Any, first: ExecutionResult, member: Member) -> None:
    async with aclosing(results):
        member.send([encoded(first)])
        async for result in results:
            await member.drained()
            member.send([encoded(result)])
    member.complete()
