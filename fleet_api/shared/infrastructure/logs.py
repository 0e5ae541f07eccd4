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
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class _JsonFormatter(logging.Formatter):
    """What libraries say, in the same shape. Their errors' texts may quote data, so only the kind is kept."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        message = record.getMessage() if error is None else record.msg
        event = {"event": message, "logger": record.name, "level": record.levelname.lower(), "error": error}
        return orjson.dumps({key: value for key, value in event.items() if value is not None}, default=str).decode()
