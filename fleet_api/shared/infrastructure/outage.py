"""What it looks like when PostgreSQL is away, going away or not yet there, rather than asked something wrong."""

import asyncio

import asyncpg
from sqlalchemy import exc

# By the beginnings of SQLSTATE.
_STATES = {
    "08": "connection lost",
    "53": "PostgreSQL has no room: connections, memory or disk",
    "55P03": "waited too long for a lock",
    "57014": "statement cut off: it took too long, or an operator cancelled it",
    "57": "PostgreSQL is starting or stopping",
    "25006": "read-only: a standby",
    "40001": "lost against another transaction",
    "40P01": "lost against another transaction",
}


class NoFreeConnectionError(TimeoutError):
    """All that the pool may open were lent for as long as anybody waits."""


def outage_in(error: BaseException) -> str | None:
    """Which outage an error tells of, in words for operators; None for a statement that was wrong."""
    # asyncpg's own errors come bare from reading, wrapped as DBAPIError elsewhere.
    state = str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")
    told = next((words for start, words in _STATES.items() if state.startswith(start)), None)
    if told is not None:
        return told
    if isinstance(error, NoFreeConnectionError | exc.TimeoutError):
        return "no free connection in the pool"
    if isinstance(error, asyncio.TimeoutError):
        return "no answer in time: it hangs"
    if isinstance(error, ConnectionRefusedError | FileNotFoundError):
        return "connection refused: nobody listens there"
    if isinstance(error, OSError):
        return "cannot be reached"
    cut = isinstance(error, exc.DBAPIError) and error.connection_invalidated
    return "connection lost" if cut or isinstance(error, exc.InterfaceError | asyncpg.InterfaceError) else None
