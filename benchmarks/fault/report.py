"""What was seen, for people and, on one line, for programs."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from statistics import median

from benchmarks.fault.checker import Found
from benchmarks.fault.run import Outcome

_COUNTS = [each.name for each in fields(Found)]


def report(outcomes: Sequence[Outcome]) -> str:
    heading = f"{'':17} {'written':>7} {'told':>7} " + " ".join(f"{name:>10}" for name in _COUNTS) + "  p50 ms  max ms"
    lines = [heading]
    for outcome in outcomes:
        told = sum(count for _, count in outcome.followers.values())
        counts = " ".join(f"{getattr(outcome.found, name):10}" for name in _COUNTS)
        lines.append(f"{outcome.fault.name:17} {outcome.written:7} {told:7} {counts} {_delays(outcome.delays)}")
    lines.append("\nms: from the beginning of a write's transaction to each follower that reads; for information.\n")
    for outcome in outcomes:
        lines += [f"{outcome.fault.name}: {', '.join(outcome.effects) or 'nothing was done'}"]
        lines += [f"    answers       {_listed(outcome.answers)}", f"    connections   {_listed(outcome.ends)}"]
        lines += [f"    {line}" for line in _complaints(outcome)]
    return "\n".join(lines)


def complaints(outcomes: Sequence[Outcome]) -> list[str]:
    """Why the run failed; none where it did not."""
    return [f"{outcome.fault.name}: {line}" for outcome in outcomes for line in _complaints(outcome)]


def line(outcomes: Sequence[Outcome]) -> str:
    found = sum((outcome.found for outcome in outcomes), Found())
    counts = {name: getattr(found, name) for name in ("lost", "duplicated", "disordered", "gaps")}
    return json.dumps({"written": sum(outcome.written for outcome in outcomes)} | counts)


def _complaints(outcome: Outcome) -> list[str]:
    parts = {"the log": outcome.log, "what writers were told": outcome.promises}
    parts |= {name: found for name, (found, _) in outcome.followers.items()}
    wrong = [f"{name}: {_of(found)}" for name, found in parts.items() if not found.is_nothing]
    wrong += [f"{name}: was told nothing" for name in outcome.silent]
    return wrong if outcome.written else [*wrong, "nothing was written"]


def _of(found: Found) -> str:
    return ", ".join(f"{getattr(found, name)} {name}" for name in _COUNTS if getattr(found, name))


def _delays(delays: Sequence[float]) -> str:
    return f"{1_000 * median(delays):7.0f} {1_000 * delays[-1]:7.0f}" if delays else f"{'–':>7} {'–':>7}"


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.most_common()) or "–"
