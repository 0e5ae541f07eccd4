"""Structured logs: one JSON object a line on standard error, with the request's id and without personal data."""

import logging
import sys

import orjson
import structlog


def configure_logs() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event).decode()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_StandardError()], level=logging.WARNING, force=True)


class _StandardError(logging.Handler):
    """What libraries say, in the same shape. Their errors' texts may quote data, so only the kind is kept."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        message = record.getMessage() if error is None else record.msg
        event = {"event": message, "logger": record.name, "level": record.levelname.lower(), "error": error}
        said = {key: value for key, value in event.items() if value is not None}
        sys.stderr.write(orjson.dumps(said, default=str).decode() + "\n")
