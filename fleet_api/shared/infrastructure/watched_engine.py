"""Statements that go through SQLAlchemy are counted and traced like the others."""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from fleet_api.shared.infrastructure.work import Asking


def watch_statements(engine: Engine) -> None:
    event.listen(engine, "before_cursor_execute", _asked)
    event.listen(engine, "after_cursor_execute", _answered)
    event.listen(engine, "handle_error", _failed)


def _asked(_: object, __: object, sql: str, ___: object, context: Any, ____: bool) -> None:
    context.asking = Asking(sql)


def _answered(_: object, __: object, ___: str, ____: object, context: Any, _____: bool) -> None:
    context.asking.ended()


def _failed(failure: ExceptionContext) -> None:
    asking = getattr(failure.execution_context, "asking", None)
    if asking is not None:
        asking.ended(failure.original_exception)
