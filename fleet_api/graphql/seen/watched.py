"""One operation while it runs: what it takes, and how it ends."""

from asyncio import CancelledError
from collections.abc import Sequence
from contextlib import AbstractContextManager
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from strawberry.types.execution import ExecutionResult

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.documents import Operation
from fleet_api.graphql.live.watching import Following
from fleet_api.shared.infrastructure.work import Work, work_of_now

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from fleet_api.graphql.seen.seen import Seen


class Watched:
    """`with seen.watching(context) as watched:`; whoever runs it says which operation it is, and with what it ended.

    operation: None until it is known, and for a document that is none. is_over: stays False for what was not for this
    door, which is not counted, and for what nobody waited for.
    """

    __slots__ = ("_began", "_result", "_scope", "_seen", "_token", "context", "is_over", "operation", "span", "work")

    def __init__(self, seen: "Seen", context: Context) -> None:
        self._seen = seen
        self.context = context
        self.operation: Operation | None = None
        self.is_over = False
        self._result: ExecutionResult | Following | None = None
        # A request has begun its work before; of a stream, it is over.
        work = work_of_now.get() if context.transport == "http" else None
        self.work = work or Work(context.request_id, seen.tracing)
        self.span: Span | None = None
        self._scope: AbstractContextManager[Any] | None = None

    def __enter__(self) -> Self:
        self._token = work_of_now.set(self.work)
        if (tracing := self._seen.tracing) is not None:
            self.span = tracing.serve("GraphQL Operation", {}, self.context.trace or {})
            self._scope = tracing.within(self.span)
            self._scope.__enter__()
        self._began = perf_counter()
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        seconds = perf_counter() - self._began
        if self._scope is not None:
            self._scope.__exit__(None, None, None)
        work_of_now.reset(self._token)
        if self.is_over or isinstance(error, CancelledError):
            self._seen.ended(self, seconds)

    def ended(self, result: ExecutionResult | Following) -> None:
        """Or is followed from now on."""
        self._result, self.is_over = result, True

    @property
    def codes(self) -> Sequence[str]:
        """Of all that went wrong."""
        errors = self._result.errors if isinstance(self._result, ExecutionResult) else None
        if not errors:
            return self.work.refusals
        return [*self.work.refusals, *(str((error.extensions or {}).get("code")) for error in errors)]
