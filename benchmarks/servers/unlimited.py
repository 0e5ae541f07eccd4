"""Ours, as `fleet-api serve` runs it, with neither limits nor metrics: what those two cost."""

from types import SimpleNamespace
from typing import Any, Self

from fleet_api.cli import serve
from fleet_api.graphql import app as composition
from fleet_api.graphql.context import Context
from fleet_api.graphql.desk import Desk
from fleet_api.graphql.execution.documents import Document
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.limits.admission import Admission
from fleet_api.graphql.seen.names import Names
from fleet_api.graphql.seen.seen import Seen
from fleet_api.graphql.seen.workers import Workers
from fleet_api.shared.infrastructure.logs import configure_logs


class AdmitsAll(Admission):
    async def document(self, text: str, context: Context) -> Document:
        return self.documents.known(text) or self.documents.read(text)


class RunsAll(Desk):
    async def _run(self, ready: Ready, context: Context, run: Any) -> Any:
        return await run(ready, context)


class Unwatched(SimpleNamespace):
    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ended(self, _: object) -> None:
        pass


class CountsNothing(Seen):
    def watching(self, context: Context) -> Any:
        return Unwatched()

    def requested(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    composition.Admission = AdmitsAll  # type: ignore[misc]
    composition.Desk = RunsAll  # type: ignore[misc]
    composition.make_seen = lambda _: CountsNothing(Workers(None), Names())
    configure_logs()
    serve()
