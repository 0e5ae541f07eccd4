"""Structured logs: one JSON object a line on standard error, with the request's id and without personal data."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import structlog

from fleet_api.shared.infrastructure.work import work_of_now

_ONE_LINE = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE


def configure_logs() -> None:
    structlog.configure(
        processors=[_complete, _rendered],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_Lines,
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_StandardError()], level=logging.WARNING, force=True)


def write_line(level: str, line: dict[str, Any]) -> None:
    """The line of an operation. Straight, for there are thousands in a second: by structlog it takes twice as long."""
    line["level"] = level
    line["timestamp"] = datetime.now(UTC)
    sys.stderr.write(orjson.dumps(line, option=_ONE_LINE, default=str).decode())


def _complete(_: object, level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    work = work_of_now.get()
    if work is not None and work.request_id is not None:
        event["request_id"] = work.request_id
    event["level"] = level
    event["timestamp"] = datetime.now(UTC)
    return event


def _rendered(_: object, __: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event, option=orjson.OPT_UTC_Z, default=str).decode()


class _Lines:
    """Writes to what standard error is at the moment: a logger is kept, but its stream may be replaced."""

    def __init__(self, *_: object) -> None:
        pass

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = msg


class _StandardError(logging.Handler):
    """What libraries say, in the same shape. Their errors' texts may quote data, so only the kind is kept."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        message = record.getMessage() if error is None else record.msg
        event = {"event": message, "logger": record.name, "level": record.levelname.lower(), "error": error}
        said = {key: value for key, value in event.items() if value is not None}
        sys.stderr.write(orjson.dumps(said, default=str).decode() + "\n")


def origin_of(error: BaseException) -> list[str]:
    """The frames of ours that it came through, innermost last. Its text may quote what nobody should read in a log."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames if "fleet_api" in f.filename][-6:]
