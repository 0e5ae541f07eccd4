"""The conductor of `make bench-live`: a database, the servers, rounds, and the report."""

import argparse
import resource
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks import graphql_ws, ingest, report
from benchmarks.cores import Cores
from benchmarks.live import coming_back, fanout, idle, latency, writers
from benchmarks.live.phones import WrongEventError
from benchmarks.live.report import COUNTS, OWN, PARTS, TOPIC, Report
from benchmarks.live.servers import NAMES, NODE, OURS, LiveServer, serving
from benchmarks.live.world import World, world_of
from benchmarks.processes import NotReadyError
from benchmarks.worlds import worlds

RESULTS = Path(__file__).parent.parent / "live.md"

_FILES = 16_000
_LONGER = 4
_PHONES_THAT_GROW = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """seconds: of each measurement."""

    parts: Sequence[str]
    servers: Sequence[str]
    rounds: int
    seconds: float
    keep: Path | None

    @property
    def whole(self) -> bool:
        return set(self.parts) == set(PARTS) and set(self.servers) == set(NAMES)


def main(arguments: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop is a stop: everything is put away
    plan = _plan(arguments)
    _allow_many_sockets()
    try:
        with ExitStack() as running:
            found = _bench(plan, running)
    except (NotReadyError, WrongEventError) as error:
        print(f"bench-live: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench-live: stopped.", file=sys.stderr)
        return 130
    print(found.tables())
    if plan.whole:
        RESULTS.write_text(found.page())
        print(f"Written to {RESULTS.relative_to(Path(__file__).parent.parent.parent)}.\n")
    else:
        print("This was a part, so the results that are written down stay as they are.\n")
    print(found.line())
    return 0


def _plan(arguments: Sequence[str] | None) -> Plan:
    parser = argparse.ArgumentParser(prog="make bench-live", description=__doc__, allow_abbrev=False)
    parser.add_argument("--only", default=",".join(PARTS), help="parts, by commas: %(default)s")
    parser.add_argument("--servers", default=",".join(NAMES), help="servers, by commas: %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; the median counts")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one measurement")
    parser.add_argument("--keep", type=Path, help="directory that keeps the seeded data from run to run")
    given = parser.parse_args(arguments)
    asked, servers = set(given.only.split(",")), set(given.servers.split(","))
    if not asked <= set(PARTS) or not servers <= set(NAMES):
        parser.error(f"parts are {', '.join(PARTS)}; servers are {', '.join(NAMES)}")
    if asked - {TOPIC, OWN, "idle"} and OURS not in servers:
        parser.error("all but topic, own and idle are of ours alone")
    return Plan(
        [part for part in PARTS if part in asked],
        [name for name in NAMES if name in servers],
        given.rounds,
        given.seconds,
        given.keep,
    )


def _allow_many_sockets() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _bench(plan: Plan, running: ExitStack) -> Report:
    missing = graphql_ws.install() if NODE in plan.servers else None
    if missing:
        print(f"Without graphql-ws: {missing}", flush=True)
    names = [name for name in plan.servers if name != NODE or not missing]
    made = running.enter_context(worlds(plan.keep, ten_times=False))
    data_dir = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="fleet-api-bench-")))
    world = world_of(made, data_dir)
    Cores.leave_to_servers(made.pid)
    postgres = made.rows("postgres", "SHOW server_version")[0][0]
    found = Report(plan.rounds, plan.seconds, report.versions(postgres, graphql_ws.versions()), missing)
    with ExitStack() as serving_all:
        print("Starting the servers …", flush=True)
        servers = {name: serving_all.enter_context(serving(name, world.place)) for name in names}
        _fan_out(plan, servers, world, found)
        if OURS in servers:
            _of_ours(plan, servers[OURS], world, found)
    if "idle" in plan.parts:
        _idle(names, world, found)
    if "ingest" in plan.parts:
        print("Ingest …", flush=True)
        points = ingest.measure(made, data_dir, plan.rounds)
        speeds = {"mutation": points.mutation, "bulk": points.bulk, "plain INSERT": points.insert}
        found.ingest = {road: speed.per_second for road, speed in speeds.items()}
    return found


def _fan_out(plan: Plan, servers: dict[str, LiveServer], world: World, found: Report) -> None:
    """Each layout and server in turn, and all of that again: what slows the machine for a while slows all."""
    for number in range(plan.rounds):
        for layout in (TOPIC, OWN):
            if layout not in plan.parts:
                continue
            own = layout == OWN
            for count in COUNTS:
                followings = fanout.following(world.vehicles, world.token, count, own=own)
                for name, server in servers.items():
                    one = fanout.measure(server, followings, own=own, seconds=plan.seconds)
                    found.fan_out.setdefault((layout, count, name), []).append(one)
                    print(
                        f"round {number + 1}  {layout:5}  {count:5,}  {name:5}  {one.per_core:9,.0f}/s per core"
                        f"  busy {one.busy_pct:.0f} %",
                        flush=True,
                    )


def _of_ours(plan: Plan, server: LiveServer, world: World, found: Report) -> None:
    longer = _LONGER * plan.seconds
    if "growth" in plan.parts:
        print("Growth …", flush=True)
        followings = fanout.following(world.vehicles, world.token, _PHONES_THAT_GROW, own=False)
        found.growth = fanout.measure(server, followings, own=False, seconds=longer)
    if {"latency", "stuck"} & set(plan.parts):
        commits = _half_load(plan, server, world, found) / latency.PHONES
        print(f"Commit to socket, at {commits:.0f} commits/s …", flush=True)
        latencies: list[latency.Latency] = []
        beside: dict[bool, list[latency.Latency]] = {True: [], False: []}
        for _ in range(plan.rounds):
            if "latency" in plan.parts:
                latencies.append(latency.measure(server, world, commits_per_second=commits, seconds=longer))
            for reads, found_beside in beside.items() if "stuck" in plan.parts else ():
                one = latency.measure_beside_one(server, world, reads=reads, commits_per_second=commits, seconds=longer)
                found_beside.append(one)
        found.latency = latency.middle(latencies)
        found.reads, found.stuck = map(latency.middle, beside.values())
    for _ in range(plan.rounds):
        if "replay" in plan.parts:
            print("Replay …", flush=True)
            found.replay.append(coming_back.replay(server, world))
        if "storm" in plan.parts:
            print("Storm …", flush=True)
            found.storm.append(coming_back.storm(server, world))
    if "writers" in plan.parts:
        print("Writers …", flush=True)
        for whole in (True, False):
            found.writers[whole] = writers.measure(world, whole=whole, rounds=plan.rounds, seconds=plan.seconds)


def _half_load(plan: Plan, server: LiveServer, world: World, found: Report) -> float:
    """Deliveries a second: half of what ours does at saturation for as many phones."""
    most = found.per_core(TOPIC, latency.PHONES, OURS)
    if most is None:
        followings = fanout.following(world.vehicles, world.token, latency.PHONES, own=False)
        most = fanout.measure(server, followings, own=False, seconds=plan.seconds).per_core
    return most / 2


def _idle(names: Sequence[str], world: World, found: Report) -> None:
    """Of ours and of Node; the limit keeps nothing."""
    for name in names:
        if name not in {OURS, NODE}:
            continue
        for layout in (TOPIC, OWN):
            print(f"Idle phones of {name} …", flush=True)
            for count, kib in idle.measure(name, world, own=layout == OWN).items():
                found.idle[layout, count, name] = kib


if __name__ == "__main__":
    sys.exit(main())
