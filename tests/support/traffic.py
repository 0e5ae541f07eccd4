"""What goes to the database: through SQLAlchemy, and past it on the driver's own connection."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import Engine


@contextmanager
def noted(note: Callable[[str, Any], None]) -> Iterator[None]:
    """Calls `note` with the SQL and the arguments of every statement, before it is sent; but for those by which a
    server follows the log of events, whether anybody asks it something or not."""
    fetch = asyncpg.Connection.fetch

    def note_execution(connection: object, cursor: object, sql: str, parameters: Any, *_: object) -> None:
        note(sql, parameters)

    async def note_fetch(connection: asyncpg.Connection, sql: str, *arguments: Any, **options: Any) -> Any:
        name = (connection._params.server_settings or {}).get("application_name", "")
        if not name.startswith("fleet-api "):
            note(sql, arguments)
        return await fetch(connection, sql, *arguments, **options)

    asyncpg.Connection.fetch = note_fetch
    event.listen(Engine, "before_cursor_execute", note_execution)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", note_execution)
        asyncpg.Connection.fetch = fetch
