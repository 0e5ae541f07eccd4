"""One operation that a client asked for, over whatever connection: it runs once, or is followed until it is stopped."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import orjson
import structlog
from graphql import GraphQLError
from strawberry.types.execution import ExecutionResult

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.documents import UnknownOperation
from fleet_api.graphql.execution.fleet_schema import FleetSchema, OperationTypeNotAllowed
from fleet_api.graphql.graphql_request import GraphQLRequest, body_of, never_ran
from fleet_api.graphql.live.member import Member
from fleet_api.graphql.live.watching import Following
from fleet_api.graphql.shared.errors import presented
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.shared_errors import internal_error
from fleet_api.shared.infrastructure.logs import request_id_of_logs

_PATIENCE_S = 10

_log = structlog.get_logger(__name__)


class Live(Protocol):
    async def follow(self, asked: GraphQLRequest, context: Context, member: Member) -> Following | ExecutionResult:
        """Feeds the member from now on; or the errors of a subscription that is refused, and never ran."""
        ...


class Asker(Member):
    """A member that may have asked for something else than a subscription."""

    @abstractmethod
    def complete(self) -> None:
        """Nothing more will come."""

    @abstractmethod
    def refuse(self, errors: Sequence[GraphQLError]) -> None:
        """The operation never ran, and nothing more will come."""


@dataclass(frozen=True, slots=True)
class Graph:
    """What executes."""

    schema: FleetSchema
    live: Live


class Operation:
    """Starts at once. A subscription has a task only until it is followed."""

    __slots__ = ("_following", "_task")

    def __init__(self, graph: Graph, asked: GraphQLRequest, context: Context, asker: Asker) -> None:
        self._following: Following | None = None
        self._task: asyncio.Task[None] | None = asyncio.create_task(self._run(graph, asked, context, asker))

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        # It knows us, and only a rare search for garbage would find that out.
        following, self._following = self._following, None
        if following is not None:
            following.stop()

    async def _run(self, graph: Graph, asked: GraphQLRequest, context: Context, asker: Asker) -> None:
        request_id_of_logs.set(context.request_id)
        try:
            result = await graph.schema.execute(asked.query, asked.variables, context, asked.operation_name)
            await _answer(result, asker)
        except OperationTypeNotAllowed:
            await self._follow(graph.live, asked, context, asker)
        except UnknownOperation:
            asker.refuse(presented([GraphQLError("The document has no operation of that name.")], context))
        except Exception as error:
            _failed(error, context, asker)
        finally:
            self._task = None

    async def _follow(self, live: Live, asked: GraphQLRequest, context: Context, asker: Asker) -> None:
        try:
            followed = await live.follow(asked, context, asker)
        except Exception as error:
            _failed(error, context, asker)
            return
        if isinstance(followed, ExecutionResult):
            asker.refuse(followed.errors or [])
        else:
            self._following = followed


async def _answer(result: ExecutionResult, asker: Asker) -> None:
    if never_ran(result):
        asker.refuse(result.errors or [])
        return
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await asker.drained()
    except TimeoutError:
        asker.give_up()
        return
    asker.send([orjson.dumps(body_of(result))])
    asker.complete()


def _failed(error: Exception, context: Context, asker: Asker) -> None:
    _log.error("operation_failed", error=type(error).__name__)
    asker.refuse(presented([GraphQLError("", original_error=Refused(internal_error()))], context))
