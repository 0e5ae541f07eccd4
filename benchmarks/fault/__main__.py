"""`make fault`: breaks what can break while events flow, and fails unless every follower has every event, in order and
once."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from benchmarks.fault.apis import apis
from benchmarks.fault.faults import FAULTS, Fault, NothingHappenedError
from benchmarks.fault.report import complaints, line, report
from benchmarks.fault.run import Outcome, Run
from benchmarks.fault.world import world
from benchmarks.processes import NotReadyError


def main(arguments: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop is a stop: everything is put away
    faults, seconds = _asked(arguments)
    try:
        outcomes = _outcomes(faults, seconds)
    except (NotReadyError, NothingHappenedError) as error:
        print(f"fault: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("fault: stopped.", file=sys.stderr)
        return 130
    print(f"\n{report(outcomes)}\n")
    print(line(outcomes))
    return 1 if complaints(outcomes) else 0


def _asked(arguments: Sequence[str] | None) -> tuple[list[Fault], float]:
    names = [fault.name for fault in FAULTS]
    parser = argparse.ArgumentParser(prog="make fault", description=__doc__, allow_abbrev=False)
    parser.add_argument("--only", default=",".join(names), help="faults, by commas: %(default)s")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long writers write during each")
    given = parser.parse_args(arguments)
    asked = given.only.split(",")
    if not set(asked) <= set(names):
        parser.error(f"faults are {', '.join(names)}")
    if not given.seconds > 0:
        parser.error("--seconds is more than 0")
    return [fault for fault in FAULTS if fault.name in asked], given.seconds


def _outcomes(faults: Sequence[Fault], seconds: float) -> list[Outcome]:
    print("Starting PostgreSQL and two API processes …", flush=True)
    with world() as made, apis(made) as both:
        return asyncio.run(Run(made, both, seconds).outcomes(faults))


if __name__ == "__main__":
    sys.exit(main())
