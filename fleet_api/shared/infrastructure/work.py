"""What one operation asks of the database and is told: counted, and traced where somebody wants to see it."""

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fleet_api.shared.infrastructure.tracing import Tracing


class Work:
    """What is known of a request, or of an operation that came without one, while it is under way.

    line: what the log will say of it, for its operation to say more; None where the operation writes its own.
    statements: how many it took. refusals: codes of what it was refused as a result, rather than as an error.
    """

    __slots__ = ("line", "refusals", "request_id", "statements", "tracing")

    def __init__(
        self, request_id: str | None = None, tracing: "Tracing | None" = None, line: dict[str, Any] | None = None
    ) -> None:
        self.request_id = request_id
        self.tracing = tracing
        self.line = line
        self.statements = 0
        self.refusals: list[str] = []


work_of_now: ContextVar[Work | None] = ContextVar("work_of_now", default=None)
"""What statements are counted to, and lines of the log belong to. All tasks of an operation inherit it."""


def note_refusal(code: str) -> None:
    work = work_of_now.get()
    if work is not None:
        work.refusals.append(code)


class Asking:
    """A statement that goes to the database; `ended` has to follow. Its values are nobody's business."""

    __slots__ = ("_span", "_tracing")

    def __init__(self, sql: str) -> None:
        work = work_of_now.get()
        self._tracing = None if work is None else work.tracing
        if work is not None:
            work.statements += 1
        if self._tracing is not None:
            self._span = self._tracing.statement(sql)

    def ended(self, error: BaseException | None = None) -> None:
        if self._tracing is not None:
            self._tracing.end(self._span, error)
