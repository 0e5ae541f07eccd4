"""Nothing of an exception reaches a client, whatever raises it and wherever."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, cast

import strawberry
from strawberry.types.execution import ExecutionResult

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.fleet_schema import FleetSchema
from fleet_api.graphql.graphql_request import GraphQLRequest
from fleet_api.graphql.live.watching import Watching
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.shared_errors import not_found
from fleet_api.shared.domain.viewer import ANONYMOUS
from tests.support.graph import desk_of, ready

_SECRET = "relation drivers does not exist"


@strawberry.type
class _Query:
    @strawberry.field
    def fails(self) -> str | None:
        raise RuntimeError(_SECRET)

    @strawberry.field
    def too_large(self) -> int | None:
        return 99_999_999_999

    @strawberry.field
    def refuses(self) -> str | None:
        raise Refused(not_found("id"))


@strawberry.type
class _Event:
    number: int

    @strawberry.field
    def fails(self) -> int:
        raise RuntimeError(_SECRET)


class _Watching(Watching):
    def feed(self, *_: Any) -> Any:
        raise NotImplementedError


@strawberry.type
class _Subscription:
    @strawberry.subscription
    async def at_once(self) -> AsyncGenerator[_Event, None]:
        raise RuntimeError(_SECRET)
        yield

    @strawberry.subscription
    async def later(self) -> AsyncGenerator[_Event, None]:
        return cast(Any, _Watching())


def _context() -> Context:
    """Of somebody who reads nothing."""
    nothing: Any = None
    return Context(nothing, nothing, ANONYMOUS, "en", "the-request")


_schema = FleetSchema(_Query, subscription=_Subscription)


async def _ask(document: str) -> Any:
    return await desk_of(_schema).execute(GraphQLRequest(document, None, None), _context())


async def test_an_exception_is_masked_and_says_what_to_quote() -> None:
    result = await _ask("{ fails }")
    assert result.errors[0].message == "Something went wrong on our side."
    assert result.errors[0].extensions["code"] == "INTERNAL_ERROR"
    assert result.errors[0].extensions["requestId"] == "the-request"


async def test_a_value_of_ours_that_does_not_serialize_is_our_fault() -> None:
    result = await _ask("{ tooLarge }")
    assert result.errors[0].extensions["code"] == "INTERNAL_ERROR"
    assert "99999999999" not in str(result.errors)


async def test_a_refusal_keeps_its_words() -> None:
    result = await _ask("{ refuses }")
    assert result.errors[0].extensions == {
        "code": "NOT_FOUND",
        "httpStatus": 404,
        "description": "Check the id that you sent.",
        "field": "id",
    }


async def test_subscriptions_leak_nothing_however_many_fail_at_once() -> None:
    async def follow(name: str) -> str:
        subscribed = await _schema.subscribe(
            ready(_schema, f"subscription {{ {name} {{ number fails }} }}"), _context()
        )
        if isinstance(subscribed, ExecutionResult):
            return str(subscribed.errors)
        return str(await _schema.tell(subscribed, [_Event(number=1), _Event(number=2)], _context()))

    told = await asyncio.gather(*(follow(name) for name in ["atOnce", "later"] * 20))
    assert _SECRET not in " ".join(told)
    assert all("Something went wrong" in each for each in told)
