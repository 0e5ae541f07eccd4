"""Every metric, on one page. docs/observing.md explains what to make of them."""

from dataclasses import dataclass
from typing import Literal

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LAG_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
_COST = (1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0)
_STATEMENTS = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 50.0)


@dataclass(frozen=True, slots=True)
class Family:
    """bounds: of a histogram's buckets, ascending. is_sampled: what is the case now, of one worker, rather than what
    was counted."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()
    is_sampled: bool = False

    @property
    def width(self) -> int:
        """Of a cell: its value; or the buckets of a histogram, the one without a bound, and the sum."""
        return len(self.bounds) + 2 if self.kind == "histogram" else 1


def _gauge(name: str, help: str, *labels: str) -> Family:
    return Family(name, "gauge", help, ("worker", *labels), is_sampled=True)


OPERATIONS = Family("fleet_operations_total", "counter", "Operations, by how they ended.", ("name", "type", "outcome"))
DURATION = Family(
    "fleet_operation_duration_seconds",
    "histogram",
    "From the first look at an operation to its result; of a subscription, until it is followed.",
    ("name", "type"),
    _SECONDS,
)
COST = Family("fleet_operation_cost", "histogram", "Static cost of operations that ran.", ("name", "type"), _COST)
STATEMENTS = Family(
    "fleet_operation_statements", "histogram", "Statements that an operation took.", ("name", "type"), _STATEMENTS
)
REFUSED = Family("fleet_refused_total", "counter", "Refusals and errors that clients were told, by code.", ("code",))
REQUESTS = Family(
    "fleet_http_requests_total", "counter", "HTTP requests and handshakes, by status.", ("protocol", "status")
)
CLOSED = Family("fleet_sockets_closed_total", "counter", "Sockets that we closed, by code.", ("code",))
EVENT_LAG = Family(
    "fleet_event_lag_seconds",
    "histogram",
    "From the beginning of the transaction that told events until this process passes them on.",
    (),
    _LAG_SECONDS,
)
EVENTS = Family("fleet_events_total", "counter", "Events that this process heard of from the log.")
TOLD = Family("fleet_deliveries_total", "counter", "Results that subscribers were told.", ("transport",))

POOL_SIZE = _gauge("fleet_pool_connections_max", "Connections that a pool may open.", "pool")
POOL_IN_USE = _gauge("fleet_pool_connections_in_use", "Connections that are lent.", "pool")
POOL_WAITING = _gauge("fleet_pool_waiting", "Who waits for a connection.", "pool")
TAIL_AGE = _gauge("fleet_tail_age_seconds", "Since this process last knew that it had heard of every event.")
CONNECTIONS = _gauge("fleet_connections_open", "Sockets and streams that are open.", "transport")
FOLLOWED = _gauge("fleet_subscriptions_followed", "Subscriptions that are followed.")
CPU = Family("process_cpu_seconds_total", "counter", "Time that the process computed.", ("worker",), is_sampled=True)
MEMORY = _gauge("process_resident_memory_bytes", "Memory that the process holds.")

FAMILIES = (
    OPERATIONS, DURATION, COST, STATEMENTS, REFUSED, REQUESTS, CLOSED, EVENT_LAG, EVENTS, TOLD,
    POOL_SIZE, POOL_IN_USE, POOL_WAITING, TAIL_AGE, CONNECTIONS, FOLLOWED, CPU, MEMORY,
)  # fmt: skip
