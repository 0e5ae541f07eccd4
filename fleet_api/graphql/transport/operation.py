"""One operation that a client asked for, over whatever connection: it runs once, or is followed until it is stopped."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence

import orjson
from graphql import GraphQLError
from strawberry.types.execution import ExecutionResult

from fleet_api.graphql.context import Context
from fleet_api.graphql.desk import Desk, OperationTypeNotAllowed
from fleet_api.graphql.graphql_request import GraphQLRequest, body_of, never_ran
from fleet_api.graphql.live.member import Member
from fleet_api.graphql.live.watching import Following
from fleet_api.shared.infrastructure.work import Work, work_of_now

_PATIENCE_S = 10


class Asker(Member):
    """A member that may have asked for something else than a subscription."""

    @abstractmethod
    def complete(self) -> None:
        """Nothing more will come."""

    @abstractmethod
    def refuse(self, errors: Sequence[GraphQLError]) -> None:
        """The operation never ran, and nothing more will come."""


class Operation:
    """Starts at once. A subscription has a task only until it is followed."""

    __slots__ = ("_following", "_task")

    def __init__(self, desk: Desk, asked: GraphQLRequest, context: Context, asker: Asker) -> None:
        self._following: Following | None = None
        self._task: asyncio.Task[None] | None = asyncio.create_task(self._run(desk, asked, context, asker))

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        # It knows us, and only a rare search for garbage would find that out.
        following, self._following = self._following, None
        if following is not None:
            following.stop()

    async def _run(self, desk: Desk, asked: GraphQLRequest, context: Context, asker: Asker) -> None:
        work_of_now.set(Work(context.request_id))
        try:
            await _answer(await desk.execute(asked, context), asker)
        except OperationTypeNotAllowed:
            await self._follow(desk, asked, context, asker)
        finally:
            self._task = None

    async def _follow(self, desk: Desk, asked: GraphQLRequest, context: Context, asker: Asker) -> None:
        followed = await desk.follow(asked, context, asker)
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
