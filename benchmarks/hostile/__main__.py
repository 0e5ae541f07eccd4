"""`make hostile`: strangers do a thousand times what they should not, one kind after the other, while a client in order
asks on. Prints one line of JSON, and fails for a wrong refusal, a query that was not answered, or a connection that
stays open."""

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
from time import monotonic
from typing import Any

from benchmarks.cores import Cores
from benchmarks.hostile.attack import Outcome, attack
from benchmarks.hostile.canary import Canary
from benchmarks.hostile.kinds import KINDS, Kind
from benchmarks.hostile.target import Target, target
from benchmarks.processes import NotReadyError

_AT_ONCE, _SLOW_AT_ONCE = 2, 500
_CALM_S = 20.0
# Of the attackers, where they share a core with the client in order: it should wait for the server, and not for them.
_GIVES_WAY = 19
# Long enough to be an attack, short enough to be measured a thousand times.
_PATIENCE = {"FLEET_HEADER_SECONDS": "2", "FLEET_BODY_SECONDS": "2", "FLEET_INIT_SECONDS": "2"}


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = argparse.ArgumentParser(prog="make hostile", description=__doc__, allow_abbrev=False)
    parser.add_argument("--times", type=int, default=1_000, help="of each kind: %(default)s")
    parser.add_argument("--only", default="", help="kinds whose names have this in them")
    given = parser.parse_args()
    kinds = [kind for kind in KINDS if given.only in kind.name]
    Cores.leave_to_servers(os.getpid())
    try:
        with target(**_PATIENCE) as attacked:
            report = asyncio.run(_report(attacked, kinds, given.times))
    except NotReadyError as error:
        print(f"hostile: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("hostile: stopped.", file=sys.stderr)
        return 130
    print(json.dumps(report))
    return 0 if report["ok"] else 1


async def _report(target: Target, kinds: list[Kind], times: int) -> dict[str, Any]:
    for kind in kinds:  # once, so that what is only loaded then is no growth
        await attack(target.port, kind, 1, 1)
    calm, harassed = Canary(), Canary()
    told: dict[str, dict[str, Any]] = {}
    spans: dict[str, tuple[float, float]] = {}
    async with calm.asking(target):
        await asyncio.sleep(_CALM_S)
    before = target.connections
    async with harassed.asking(target):
        os.nice(_GIVES_WAY)
        for kind in kinds:
            rss, cpu, began = target.rss_kib, target.cpu_ms, monotonic()
            outcome = await attack(target.port, kind, times, _SLOW_AT_ONCE if kind.is_slow else _AT_ONCE)
            told[kind.name] = _told(kind, outcome, target.rss_kib - rss, (target.cpu_ms - cpu) / times)
            spans[kind.name] = began, monotonic()
            print(f"{kind.name:26} {told[kind.name]}", file=sys.stderr, flush=True)
    left = await _left(target, before)
    for name, span in spans.items():
        told[name]["canary_p99_ms"] = harassed.told.p99_ms(*span)
    failed = calm.told.failed + harassed.told.failed
    return {
        "ok": not failed and not left and all(kind["right"] for kind in told.values()),
        "times": times,
        "canary_p99_ms": {"before": calm.told.p99_ms(), "while": harassed.told.p99_ms()},
        "canary_failed": failed[:5],
        "connections_left": left,
        "kinds": told,
    }


def _told(kind: Kind, outcome: Outcome, growth_kib: int, cpu_ms: float) -> dict[str, Any]:
    """cpu_ms: of the server for each, the client in order included."""
    statuses = {str(status): count for status, count in sorted(outcome.statuses.items())}
    told: dict[str, Any] = {
        "status": statuses,
        "5xx": sum(count for status, count in outcome.statuses.items() if 500 <= status < 600),
        "rss_growth_kib": growth_kib,
        "cpu_ms": round(cpu_ms, 2),
        "right": set(outcome.statuses) <= kind.told,
    }
    if kind.is_refused_at_once:
        told["ms_per_refusal"] = round(statistics.median(outcome.milliseconds), 2)
    return told


async def _left(target: Target, before: int) -> int:
    """Connections that stay open although their clients are gone."""
    for _ in range(100):
        left = target.connections - before
        if left <= 0:
            return 0
        await asyncio.sleep(0.1)
    return left


if __name__ == "__main__":
    sys.exit(main())
