"""`/metrics`: for whoever collects them, and for nobody else."""

from collections.abc import Callable, Iterator
from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fleet_api.graphql.seen.families import FAMILIES, Family
from fleet_api.graphql.seen.numbers import Cell, Labels, Numbers

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

_READING = ("GET", "HEAD")
_FORWARDED = ("forwarded", "x-forwarded-", "x-real-ip", "via")


def metrics_route(token: str, numbers: Callable[[], Numbers]) -> Route:
    """token: what a collector has to show; without one, whoever asks directly from this machine is served."""

    def metrics(request: Request) -> Response:
        allowed = _shows(request, token) if token else _is_direct_and_local(request)
        if not allowed or request.method not in _READING:
            raise HTTPException(404)  # as at any other address where there is nothing
        return exposition(numbers(), request.headers.get("accept", ""))

    async def asked(request: Request) -> Response:
        return metrics(request)

    return Route("/metrics", asked, methods=[*_READING, "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])


def exposition(numbers: Numbers, accept: str) -> Response:
    """In Prometheus' text format, or in that of OpenMetrics where it is asked for."""
    # Only who is scraped needs it: it brings an HTTP server of its own, and takes a tenth of a start.
    from prometheus_client.exposition import choose_encoder  # noqa: PLC0415

    encode, content_type = choose_encoder(accept)
    return Response(encode(_Collected(numbers)), headers={"content-type": content_type, "cache-control": "no-store"})


def _shows(request: Request, token: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return compare_digest(given.strip().encode(), token.encode()) and scheme.lower() == "bearer"


def _is_direct_and_local(request: Request) -> bool:
    """Not by a proxy, which is local, too; nor from a page whose name leads here, though it is no name of ours."""
    if any(name.startswith(_FORWARDED) for name in request.headers):
        return False
    return _is_loopback(request.client.host if request.client else "") and _is_loopback(request.url.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class _Collected:
    """Numbers, as the library that writes them wants to see them."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def collect(self) -> "Iterator[Metric]":
        for family in FAMILIES:
            yield _metric(family, self._numbers.cells.get(family.name, {}))


def _metric(family: Family, cells: dict[Labels, Cell]) -> "Metric":
    from prometheus_client.core import (  # noqa: PLC0415 - as above
        CounterMetricFamily,
        GaugeMetricFamily,
        HistogramMetricFamily,
    )

    if family.kind == "histogram":
        histogram = HistogramMetricFamily(family.name, family.help, labels=family.labels)
        for labels, cell in cells.items():
            histogram.add_metric(labels, _buckets(family.bounds, cell), cell[-1])
        return histogram
    made = CounterMetricFamily if family.kind == "counter" else GaugeMetricFamily
    metric = made(family.name, family.help, labels=family.labels)
    for labels, cell in cells.items():
        metric.add_metric(labels, cell[0])
    return metric


def _buckets(bounds: tuple[float, ...], cell: Cell) -> list[tuple[str, float]]:
    """Each with all that are below it, as they are told."""
    told, below = [], 0.0
    for bound, count in zip([*map(str, bounds), "+Inf"], cell, strict=False):
        below += count
        told.append((bound, below))
    return told
