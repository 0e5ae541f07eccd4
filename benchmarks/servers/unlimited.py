"""Ours, as `fleet-api serve` runs it, with neither limits nor metrics: what those two cost. Its log stays."""

from typing import Any

from fleet_api.cli import serve
from fleet_api.graphql import app as composition
from fleet_api.graphql.context import Context
from fleet_api.graphql.desk import Desk
from fleet_api.graphql.execution.documents import Document
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.limits.admission import Admission
from fleet_api.graphql.seen.names import Names
from fleet_api.graphql.seen.operation_numbers import OperationNumbers
from fleet_api.graphql.seen.seen import Seen
from fleet_api.graphql.seen.workers import Workers
from fleet_api.shared.infrastructure.logs import configure_logs


class AdmitsAll(Admission):
    async def read(self, text: str, context: Context) -> Document:
        return self.documents.read(text)


class RunsAll(Desk):
    async def _run(self, ready: Ready, context: Context, run: Any) -> Any:
        return await run(ready, context)


class CountsNothing(OperationNumbers):
    def add(self, *_: object) -> None:
        pass


class Unmeasured(Seen):
    """Writes a line for each operation, as ours does."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._operations = CountsNothing(self._numbers)

    def requested(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    composition.Admission = AdmitsAll  # type: ignore[misc]
    composition.Desk = RunsAll  # type: ignore[misc]
    composition.make_seen = lambda _: Unmeasured(Workers(None), Names())
    configure_logs()
    serve()
