"""The conductor of `make bench`: databases, servers, checks, rounds, and the report.

All servers stand ready from the start, each with a process per database; at any time one of them is loaded.
"""

import argparse
import itertools
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import contestants, postgraphile, report
from benchmarks.checks import DifferentAnswersError, check
from benchmarks.contestants import NAMES, OURS, POSTGRAPHILE, Server, answers
from benchmarks.cores import Cores
from benchmarks.load import Measured, WrongAnswerError, drive, many
from benchmarks.processes import NotReadyError
from benchmarks.report import Figures, Report
from benchmarks.statements import Statements
from benchmarks.workloads import Workload, workloads
from benchmarks.worlds import Worlds, worlds

RESULTS = Path(__file__).parent / "results.md"

_COUNTED = 40
_STARTS = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """seconds, warm_up: of each measurement."""

    workloads: Sequence[str]
    servers: Sequence[str]
    rounds: int
    seconds: float
    warm_up: float
    keep: Path | None

    @property
    def whole(self) -> bool:
        return set(self.workloads) == set(report.WORKLOADS) and set(self.servers) == set(NAMES)


def main(arguments: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop is a stop: everything is put away
    plan = _plan(arguments)
    try:
        with ExitStack() as running:
            found = _bench(plan, running)
    except (DifferentAnswersError, NotReadyError, WrongAnswerError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench: stopped.", file=sys.stderr)
        return 130
    print(found.tables())
    if plan.whole:
        RESULTS.write_text(found.page())
        print(f"Written to {RESULTS.relative_to(Path(__file__).parent.parent)}.\n")
    else:
        print("This was a part, so the results that are written down stay as they are.\n")
    print(found.line())
    return 0


def _plan(arguments: Sequence[str] | None) -> Plan:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__, allow_abbrev=False)
    parser.add_argument("--only", default=",".join(report.WORKLOADS), help="workloads, by commas: %(default)s")
    parser.add_argument("--servers", default=",".join(NAMES), help="servers, by commas: %(default)s; ours is always in")
    parser.add_argument("--rounds", type=int, default=11, help="how often each is measured; the median counts")
    parser.add_argument("--seconds", type=float, default=0.8, help="length of one measurement, at least")
    parser.add_argument("--warm-up", type=float, default=0.25, help="seconds of load before each that do not count")
    parser.add_argument("--keep", type=Path, help="directory that keeps the seeded data from run to run")
    given = parser.parse_args(arguments)
    asked, servers = given.only.split(","), {OURS, *given.servers.split(",")}
    if not set(asked) <= set(report.WORKLOADS) or not servers <= set(NAMES):
        parser.error(f"workloads are {', '.join(report.WORKLOADS)}; servers are {', '.join(NAMES)}")
    return Plan(
        [name for name in report.WORKLOADS if name in asked],
        [name for name in NAMES if name in servers],
        given.rounds,
        given.seconds,
        given.warm_up,
        given.keep,
    )


def _bench(plan: Plan, running: ExitStack) -> Report:
    missing: dict[str, str] = {}
    if POSTGRAPHILE in plan.servers and (reason := postgraphile.install()):
        missing[POSTGRAPHILE] = reason
        print(f"Without PostGraphile: {reason}", flush=True)
    world = running.enter_context(worlds(plan.keep, ten_times="B10" in plan.workloads))
    data_dir = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="fleet-api-bench-")))
    known = workloads(world)
    asked = [known[name] for name in plan.workloads]
    tokens = {role: contestants.token(role, data_dir) for role in {workload.role for workload in known.values()}}
    Cores.leave_to_servers(world.pid)

    print("Starting the servers …", flush=True)
    databases = list(dict.fromkeys(workload.database for workload in asked))
    servers: dict[tuple[str, str], Server] = {}
    for name, database in itertools.product(plan.servers, databases):
        if name in missing:
            continue
        try:
            servers[name, database] = running.enter_context(
                contestants.running(name, world.url(database), database, data_dir, tokens, Cores.servers())
            )
        except NotReadyError as error:
            if name != POSTGRAPHILE:
                raise
            missing[name] = "it does not start on this machine"
            print(f"Without PostGraphile: {error}", flush=True)
    entered = {
        workload.name: [
            servers[name, workload.database] for name in plan.servers if name not in missing and answers(name, workload)
        ]
        for workload in asked
    }
    sizes = {}
    for workload in asked:
        sizes[workload.name] = check(workload, entered[workload.name], world)
        print(f"{workload.name}: {', '.join(server.name for server in entered[workload.name])} agree.", flush=True)

    measured = _rounds(plan, asked, entered)
    statements = {
        (workload.name, server.name): _count(workload, server, world)
        for workload in asked
        for server in entered[workload.name]
    }
    figures = {key: _figures(rounds, statements[key]) for key, rounds in measured.items()}
    start_up = median(contestants.start_up_seconds(world.url(databases[0]), data_dir) for _ in range(_STARTS))
    two_workers = _two_workers(plan, known["B"], world, data_dir, tokens) if "B" in plan.workloads else None
    return Report(
        figures=figures,
        about={workload.name: f"{workload.about}; {sizes[workload.name]:,} bytes" for workload in asked},
        missing=missing,
        start_up_s=start_up,
        two_workers=two_workers,
        versions=report.versions(world.rows("postgres", "SHOW server_version")[0][0], postgraphile.versions()),
        rounds=plan.rounds,
        seconds=plan.seconds,
    )


def _rounds(
    plan: Plan, asked: Sequence[Workload], entered: dict[str, list[Server]]
) -> dict[tuple[str, str], list[Measured]]:
    """Each workload and server in turn, and all of that again, in many short rounds: what slows the machine for a while
    slows all that is compared."""
    measured: dict[tuple[str, str], list[Measured]] = {}
    for number in range(plan.rounds):
        for workload in asked:
            for server in entered[workload.name]:
                one = _measure(plan, workload, server)
                measured.setdefault((workload.name, server.name), []).append(one)
                print(
                    f"round {number + 1}  {workload.name:3}  {server.name:12}  {one.per_second:9.1f}/s"
                    f"  p50 {one.p50_ms:7.2f} ms  p99 {one.p99_ms:7.2f} ms",
                    flush=True,
                )
    return measured


def _measure(plan: Plan, workload: Workload, server: Server) -> Measured:
    return drive(
        server.port, server.streams(workload), warm_up=plan.warm_up, seconds=plan.seconds, probe=server.cpu_seconds
    )


def _figures(rounds: Sequence[Measured], statements: Statements) -> Figures:
    return Figures(
        by_round=[one.per_second for one in rounds],
        p50_ms=median(one.p50_ms for one in rounds),
        p99_ms=median(one.p99_ms for one in rounds),
        cpu_ms=median(1_000 * (one.at_end - one.at_start) / max(one.count, 1) for one in rounds),
        busy_pct=median(100 * (one.at_end - one.at_start) / one.seconds for one in rounds),
        statements=statements,
    )


def _count(workload: Workload, server: Server, world: Worlds) -> Statements:
    streams = server.streams(workload)
    many(server.port, streams, len(streams))  # what a connection asks once is not the workload's
    with world.counting(server.database) as counted:
        many(server.port, streams, _COUNTED)
    return Statements.of(counted, _COUNTED)


def _two_workers(
    plan: Plan, workload: Workload, world: Worlds, data_dir: Path, tokens: Mapping[str, str]
) -> float | None:
    """How much more two workers of ours serve than one, each of them on a core; None where there are not enough."""
    if len(Cores.all()) < 4:
        return None
    Cores.leave_to_servers(world.pid, 2)
    found = {}
    for workers in (1, 2):
        with contestants.running(
            OURS, world.url(workload.database), workload.database, data_dir, tokens, Cores.servers(2), workers=workers
        ) as server:
            found[workers] = median(_measure(plan, workload, server).per_second for _ in range(plan.rounds))
    return found[2] / found[1]


if __name__ == "__main__":
    sys.exit(main())
