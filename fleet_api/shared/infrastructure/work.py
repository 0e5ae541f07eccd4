"""What one operation asks of the database: counted, and traced where somebody wants to see it."""

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

if TYPE_CHECKING:
    from fleet_api.shared.infrastructure.tracing import Tracing


class Work:
    """statements: how many it took. refusals: codes of what it was refused as a result, rather than as an error."""

    __slots__ = ("refusals", "statements", "tracing")

    def __init__(self, tracing: "Tracing | None" = None) -> None:
        self.statements = 0
        self.refusals: list[str] = []
        self.tracing = tracing


work_of_now: ContextVar[Work | None] = ContextVar("work_of_now", default=None)
"""What statements are counted to. All tasks of an operation inherit it."""


def note_refusal(code: str) -> None:
    work = work_of_now.get()
    if work is not None:
        work.refusals.append(code)


class Asking:
    """`with Asking(sql):` around each statement that goes to the database. Its values are nobody's business."""

    __slots__ = ("_span", "_tracing")

    def __init__(self, sql: str) -> None:
        work = work_of_now.get()
        self._tracing = None if work is None else work.tracing
        if work is not None:
            work.statements += 1
        if self._tracing is not None:
            self._span = self._tracing.statement(sql)

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if self._tracing is not None:
            self._tracing.end(self._span, error)


def watch_statements(engine: Engine) -> None:
    """Of those that go through SQLAlchemy."""
    event.listen(engine, "before_cursor_execute", _asked)
    event.listen(engine, "after_cursor_execute", _answered)
    event.listen(engine, "handle_error", _failed)


def _asked(_: object, __: object, sql: str, ___: object, context: Any, ____: bool) -> None:
    context.asking = Asking(sql)


def _answered(_: object, __: object, ___: str, ____: object, context: Any, _____: bool) -> None:
    context.asking.__exit__(None, None, None)


def _failed(failure: ExceptionContext) -> None:
    asking = getattr(failure.execution_context, "asking", None)
    if asking is not None:
        asking.__exit__(None, failure.original_exception, None)
