"""One operation while it runs: what it takes, and how it ends."""

from asyncio import CancelledError
from collections.abc import Sequence
from contextlib import AbstractContextManager
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from strawberry.types.execution import ExecutionResult

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.documents import Operation
from fleet_api.shared.infrastructure.work import Work, work_of_now

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from fleet_api.graphql.seen.seen import Seen


class Watched:
    """`with seen.watching(context) as watched:`; whoever runs it says which operation it is, and with what it ended.

    operation: None for a document that is none. result: stays None for what was not for this door, and is not counted.
    cost: None for what was not let in.
    """

    __slots__ = ("_began", "_scope", "_seen", "_token", "context", "cost", "operation", "result", "span", "work")

    def __init__(self, seen: "Seen", context: Context) -> None:
        self._seen = seen
        self.context = context
        self.operation: Operation | None = None
        self.result: Any = None
        self.cost: int | None = None
        self.work = Work(seen.tracing)
        self.span: Span | None = None
        self._scope: AbstractContextManager[Any] | None = None

    def __enter__(self) -> Self:
        self._token = work_of_now.set(self.work)
        if (tracing := self._seen.tracing) is not None:
            self.span = tracing.serve("GraphQL Operation", {}, self.context.trace)
            self._scope = tracing.within(self.span)
            self._scope.__enter__()
        self._began = perf_counter()
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        seconds = perf_counter() - self._began
        if self._scope is not None:
            self._scope.__exit__(None, None, None)
        work_of_now.reset(self._token)
        if self.result is not None or isinstance(error, CancelledError):
            self._seen.ended(self, seconds)

    @property
    def is_over(self) -> bool:
        """False where who asked did not wait for it."""
        return self.result is not None

    @property
    def codes(self) -> Sequence[str]:
        """Of all that went wrong."""
        errors = self.result.errors if isinstance(self.result, ExecutionResult) else None
        if not errors:
            return self.work.refusals
        return [*self.work.refusals, *(str((error.extensions or {}).get("code")) for error in errors)]
