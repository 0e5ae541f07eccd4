"""What this process shows of itself: numbers for Prometheus, spans for OpenTelemetry, and a line for each operation."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

from fleet_api.graphql.context import Context
from fleet_api.graphql.seen.families import EVENT_LAG, EVENTS, REFUSED, REQUESTS
from fleet_api.graphql.seen.names import OTHER, UNNAMED, Names
from fleet_api.graphql.seen.numbers import Cell, Numbers, observe
from fleet_api.graphql.seen.operation_numbers import OperationNumbers
from fleet_api.graphql.seen.outcomes import Outcome, failure_in, outcome_of
from fleet_api.graphql.seen.watched import Watched
from fleet_api.graphql.seen.workers import TELL_S, Workers
from fleet_api.shared.infrastructure.background import in_the_background
from fleet_api.shared.infrastructure.events.tail import Batch
from fleet_api.shared.infrastructure.logs import write_line

if TYPE_CHECKING:
    from fleet_api.shared.infrastructure.tracing import Tracing

_LONGEST_NAME = 64
_MOST_CODES = 10


class Sampler(Protocol):
    def sample(self, numbers: Numbers, worker: str) -> None:
        """Writes down what is the case now."""


class Seen:
    """tracing: where spans go; None where nobody collects them."""

    def __init__(self, workers: Workers, names: Names, tracing: "Tracing | None" = None) -> None:
        self.tracing = tracing
        self._workers = workers
        self._names = names
        self._numbers = workers.before()
        self._operations = OperationNumbers(self._numbers)
        self._requests: dict[tuple[str, int], Cell] = {}
        self._lag = self._numbers.cell(EVENT_LAG)

    def watching(self, context: Context) -> Watched:
        return Watched(self, context)

    def ended(self, watched: Watched, seconds: float) -> None:
        """An operation, or the beginning of a subscription."""
        operation, viewer, codes = watched.operation, watched.context.viewer, watched.codes
        outcome = outcome_of(codes) if watched.is_over else Outcome.CANCELLED
        name, type, known = None, "unknown", OTHER
        if operation is not None:
            name, type = operation.name, operation.type
            known = self._names.known(name, is_stranger=viewer.role is None)
        self._operations.add(known, type, outcome, seconds, watched.context.cost, watched.work.statements, codes)
        if watched.span is not None and self.tracing is not None:
            label = type if known in {OTHER, UNNAMED} else f"{type} {known}"
            told = {
                "graphql.operation.type": type,
                "graphql.operation.name": name and name[:_LONGEST_NAME],
                "fleet.operation.cost": watched.context.cost,
            }
            self.tracing.served(watched.span, label, told, failure_in(codes))
        self._log(watched, name, type, outcome, codes, seconds)

    def _log(self, watched: Watched, name: str | None, type: str, outcome: str, codes: Any, seconds: float) -> None:
        context, viewer = watched.context, watched.context.viewer
        of_request = watched.work.line
        line: dict[str, Any] = {"request_id": context.request_id} if of_request is None else of_request
        line["event"] = "operation"
        line["name"] = name and name[:_LONGEST_NAME]
        line["type"] = type
        line["outcome"] = outcome
        line["cost"] = context.cost
        line["statements"] = watched.work.statements
        line["principal"] = viewer.subject or None
        line["role"] = viewer.role
        line["provider"] = viewer.provider_id
        line["transport"] = context.transport
        if codes:
            line["codes"] = codes[:_MOST_CODES]
        if watched.span is not None:
            line["trace_id"] = f"{watched.span.get_span_context().trace_id:032x}"
        if of_request is None:
            line["duration_ms"] = round(seconds * 1000, 1)
            write_line("warning" if outcome == Outcome.FAILED else "info", line)

    def requested(self, protocol: str, status: int, refusals: Iterable[str]) -> None:
        """refusals: of a request that came to no operation."""
        cell = self._requests.get((protocol, status))
        if cell is None:
            cell = self._requests[protocol, status] = self._numbers.cell(REQUESTS, protocol, str(status))
        cell[0] += 1
        for code in refusals:
            self._numbers.count(REFUSED, code)

    def heard(self, batch: Batch) -> None:
        """Events from the log, of which the first waited longest."""
        if batch.told:
            lag = time.time() - batch.told[0].event.occurred_at.timestamp()
            observe(self._lag, EVENT_LAG.bounds, max(0.0, lag))
            self._numbers.count(EVENTS, by=len(batch.told))

    def numbers(self, sampler: Sampler) -> Numbers:
        """Of all workers."""
        return self._workers.all(self._numbers_now(sampler))

    @asynccontextmanager
    async def running(self, sampler: Sampler) -> AsyncIterator[None]:
        """While the process serves."""
        if self._workers.are_several:
            async with in_the_background(self._tell(sampler)):
                yield
            self._workers.tell(self._numbers_now(sampler))
        else:
            yield
        if self.tracing is not None:
            await asyncio.to_thread(self.tracing.close)

    async def _tell(self, sampler: Sampler) -> None:
        while True:
            self._workers.tell(self._numbers_now(sampler))
            await asyncio.sleep(TELL_S)

    def _numbers_now(self, sampler: Sampler) -> Numbers:
        self._operations.count()
        sampler.sample(self._numbers, self._workers.number)
        return self._numbers
