"""What was measured, for people (tables, a page) and for programs (one line of JSON)."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from statistics import median
from typing import Any

from benchmarks.contestants import ABOUT, LIMIT, NAMES, OURS, POSTGRAPHILE, TUTORIAL, UNLIMITED
from benchmarks.cores import Cores
from benchmarks.load import CONCURRENCY, LEAST_ANSWERS
from benchmarks.statements import Statements

WORKLOADS = ("A", "B", "C", "D", "E", "B10")

TARGETS: Mapping[str, Mapping[str, float]] = {
    UNLIMITED: dict.fromkeys("ABCD", 0.95),
    LIMIT: {"A": 0.5, "B": 0.8, "C": 1.3, "D": 0.8},
    POSTGRAPHILE: {"A": 1.0, "B": 1.4, "C": 1.9, "D": 2.5},
    TUTORIAL: {"A": 12, "B": 15, "C": 12, "D": 15},
}
STATEMENTS = {"A": 1, "B": 3, "C": 4, "D": 1}
START_UP_S = 1.5
TWO_WORKERS = 1.8
P99_TO_P50 = 4
TEN_TIMES_AT_LEAST = 0.9

_PACKAGES = ("strawberry-graphql", "graphql-core", "sqlalchemy", "asyncpg", "uvicorn", "uvloop", "httptools", "orjson")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one server in one workload, in the middle of all rounds. by_round: requests/s of each. cpu_ms: of the server,
    per request. busy_pct: of one core."""

    by_round: Sequence[float]
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    busy_pct: float
    statements: Statements

    @property
    def per_second(self) -> float:
        return median(self.by_round)


@dataclass(frozen=True, slots=True)
class Report:
    """figures: by workload and server. missing: servers that could not take part, and why."""

    figures: Mapping[tuple[str, str], Figures]
    about: Mapping[str, str]
    missing: Mapping[str, str]
    start_up_s: float
    two_workers: float | None
    versions: Mapping[str, str]
    rounds: int
    seconds: float

    @property
    def _workloads(self) -> list[str]:
        return [name for name in WORKLOADS if (name, OURS) in self.figures]

    def ratio(self, workload: str, other: str) -> float | None:
        """Our requests/s to another's, which were measured one after the other in each round; None where it did not
        take part."""
        theirs = self.figures.get((workload, other))
        if theirs is None:
            return None
        pairs = zip(self.figures[workload, OURS].by_round, theirs.by_round, strict=True)
        return median(ours / their for ours, their in pairs)

    def line(self) -> str:
        line: dict[str, Any] = {name: self._entry(name) for name in self._workloads}
        line["startup_s"] = round(self.start_up_s, 2)
        line["two_workers"] = _rounded(self.two_workers)
        return json.dumps(line)

    def _entry(self, workload: str) -> dict[str, Any]:
        ours = self.figures[workload, OURS]
        return {
            "rps": round(ours.per_second, 1),
            **{other: _rounded(self.ratio(workload, other)) for other in (UNLIMITED, LIMIT, TUTORIAL, POSTGRAPHILE)},
            "statements": _whole(ours.statements.asked),
            "p50_ms": round(ours.p50_ms, 2),
            "p99_ms": round(ours.p99_ms, 2),
        }

    def tables(self) -> str:
        return "\n".join([*self._measured(), "", *self._ratios(), "", *self._targets(), ""])

    def _measured(self) -> list[str]:
        rows = [
            [
                workload,
                server,
                f"{found.per_second:,.1f}",
                f"{found.p50_ms:.2f}",
                f"{found.p99_ms:.2f}",
                f"{found.cpu_ms:.2f}",
                f"{found.busy_pct:.0f}",
                str(found.statements),
            ]
            for workload in self._workloads
            for server in NAMES
            if (found := self.figures.get((workload, server)))
        ]
        heads = ["", "server", "requests/s", "p50 ms", "p99 ms", "CPU ms/request", "core busy %", "statements/request"]
        return table(heads, rows)

    def _ratios(self) -> list[str]:
        others = [other for other in NAMES if other != OURS]
        rows = [[name, *(_shown(self.ratio(name, other)) for other in others)] for name in self._workloads]
        return table(["ours to", *others], rows)

    def _targets(self) -> list[str]:
        return table(["target", "asked", "found", ""], [*self._ratio_targets(), *self._other_targets()])

    def _ratio_targets(self) -> list[list[str]]:
        return [
            verdict(f"{workload} to {other}", f"≥ {least:g}", ratio, _shown(ratio), (ratio or 0) >= least)
            for other, leasts in TARGETS.items()
            for workload, least in leasts.items()
            if workload in self._workloads
            for ratio in [self.ratio(workload, other)]
        ]

    def _other_targets(self) -> list[list[str]]:
        ours = {name: self.figures[name, OURS] for name in self._workloads}
        rows = []
        for name, most in STATEMENTS.items():
            if name in ours:
                found = ours[name].statements
                rows.append(verdict(f"{name}: statements", f"{most}", found, str(found), found.asked <= most))
        for name, figures in ours.items():
            spread = figures.p99_ms / figures.p50_ms
            rows.append(verdict(f"{name}: p99 to p50", f"< {P99_TO_P50}", spread, _shown(spread), spread < P99_TO_P50))
        if {"B", "B10"} <= ours.keys():
            kept = ours["B10"].per_second / ours["B"].per_second
            rows.append(verdict("B10 to B", f"≥ {TEN_TIMES_AT_LEAST}", kept, _shown(kept), kept >= TEN_TIMES_AT_LEAST))
        start, two = self.start_up_s, self.two_workers
        rows.append(verdict("start-up, s", f"< {START_UP_S}", start, _shown(start), start < START_UP_S))
        rows.append(
            verdict("two workers to one, in B", f"≥ {TWO_WORKERS}", two, _shown(two), (two or 0) >= TWO_WORKERS)
        )
        return rows

    def page(self) -> str:
        """The whole as Markdown."""
        return "\n".join(
            [
                "# What was measured",
                "",
                f"By `make bench` on {datetime.now(UTC):%Y-%m-%d}: {self.rounds} interleaved rounds of "
                f"{self.seconds:g} s each, or of {LEAST_ANSWERS} answers; medians; ratios to other servers are those "
                f"within a round. {CONCURRENCY} connections with one request under way on each.",
                placement(),
                "All servers have a pool of the same size over one PostgreSQL, and their answers were compared before. "
                "*CPU* is the server's alone; *core busy* tells whether it was the bottleneck. *Statements* are what "
                "PostgreSQL itself counted; behind the +, those that begin and end transactions.",
                "",
                *self._notes(),
                "",
                *self._measured(),
                "",
                "## Ratios of requests/s",
                "",
                *self._ratios(),
                "",
                "## Targets",
                "",
                *self._targets(),
                "",
                "## Of what",
                "",
                *(f"- **{name}**: {ABOUT[name]}" for name in NAMES),
                *(f"- **{name}**: {about}" for name, about in self.about.items()),
                "",
                *table(["", ""], [[name, found] for name, found in self.versions.items()]),
                "",
            ]
        )

    def _notes(self) -> list[str]:
        notes = [f"- {name} did not take part: {reason}" for name, reason in self.missing.items()]
        if self.two_workers is None:
            notes.append(f"- Two workers were not measured: that takes 4 cores, and here are {os.cpu_count()}.")
        notes += [
            "- The limit neither parses GraphQL nor verifies the token. PostGraphile verifies no token either; it is "
            "asked in its own words for the same values, but for `createdAt`, which no column has.",
            "- In E, the limit and the tutorial write the history and the latest points. Ours also judges each point, "
            "raises odometers, goes on with trips and watches geofences. PostGraphile has no such mutation.",
            f"- Start-up is from the start of the process to the first answer at `/healthz`, on a migrated database, "
            f"with all cores: {self.start_up_s:.2f} s.",
        ]
        return notes


def versions(postgres: str, others: Mapping[str, str]) -> dict[str, str]:
    return {
        "Python": platform.python_version(),
        "PostgreSQL": postgres,
        **{name: version(name) for name in _PACKAGES},
        **others,
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def placement() -> str:
    if Cores.pinned():
        return "The server that is loaded has one core for itself; PostgreSQL and the load have the others."
    return "Server, PostgreSQL and load could not be pinned to cores of their own, and shared them."


def verdict(what: str, asked: str, value: object, found: str, met: bool) -> list[str]:
    return [what, asked, found, "not measured" if value is None else "met" if met else "**missed**"]


def _rounded(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio, 3)


def _whole(number: float) -> float:
    """An int where it is one."""
    return int(number) if number == int(number) else round(number, 2)


def _shown(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """In Markdown, with columns that line up."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    rule = ["-" * max(width, 3) for width in widths]
    padded = [[cell.ljust(max(width, 3)) for cell, width in zip(row, widths, strict=True)] for row in (heads, *rows)]
    return [f"| {' | '.join(row)} |" for row in (padded[0], rule, *padded[1:])]
