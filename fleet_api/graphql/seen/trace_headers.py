"""A trace that a caller began, as W3C's Trace Context tells of it."""

from collections.abc import Iterable, Mapping

_NAMES = frozenset({b"traceparent", b"tracestate"})


def trace_headers(headers: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    return {name.decode(): value.decode("latin-1") for name, value in headers if name in _NAMES}
