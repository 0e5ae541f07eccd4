"""What was measured of the live part, for people (tables, a page) and for programs (one line of JSON)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any

from benchmarks.live.coming_back import MISSED_BY_EACH, MISSED_BY_ONE
from benchmarks.live.coming_back import PHONES as STORMING
from benchmarks.live.fanout import FanOut
from benchmarks.live.latency import PHONES, SUBSCRIPTIONS_OF_ONE, Latency
from benchmarks.live.servers import ABOUT, LIMIT, NAMES, NODE, OURS
from benchmarks.live.writers import WRITERS
from benchmarks.report import placement, table, verdict

TOPIC, OWN = "topic", "own"
COUNTS = (1_000, 5_000)
PARTS = (TOPIC, OWN, "latency", "idle", "replay", "storm", "growth", "stuck", "writers", "ingest")

_AT_LEAST = {(TOPIC, LIMIT): 0.85, (TOPIC, NODE): 3.5, (OWN, NODE): 3.0}
_P99_MS = 15.0
_IDLE_KIB = 24.0
_REPLAY = 200_000
_STORM_S = 1.0
_INGEST = {"mutation": 40_000, "bulk": 120_000}
_WRITERS = 0.65
_WRITING = {True: "use case", False: "bare"}
_GROWN_BYTES = 1.0
_UNCHANGED = 1.25


@dataclass(slots=True)
class Report:
    """What a part did not measure is empty or None.

    fan_out: the rounds, by layout, number of phones and server. idle: KiB for each phone, by layout, number and server.
    reads, stuck: beside one who reads, and beside one who does not. writers: transactions a second with events and
    without, of the whole use case and of what it writes alone.
    """

    rounds: int
    seconds: float
    versions: Mapping[str, str]
    missing: str | None = None
    fan_out: dict[tuple[str, int, str], list[FanOut]] = field(default_factory=dict)
    latency: Latency | None = None
    idle: dict[tuple[str, int, str], float] = field(default_factory=dict)
    replay: list[float] = field(default_factory=list)
    storm: list[float] = field(default_factory=list)
    growth: FanOut | None = None
    reads: Latency | None = None
    stuck: Latency | None = None
    writers: dict[bool, tuple[float, float]] = field(default_factory=dict)
    ingest: Mapping[str, float] | None = None

    def line(self) -> str:
        line: dict[str, Any] = {
            layout: {other: _rounded(self._least(layout, other)) for other in (LIMIT, NODE)} for layout in (TOPIC, OWN)
        }
        line["p99_ms"] = _rounded(self.latency.p99_ms if self.latency else None)
        line["idle_kib"] = _rounded(self._idle(OURS))
        line["replay_per_s"] = _whole(median(self.replay) if self.replay else None)
        line["storm_s"] = _rounded(median(self.storm) if self.storm else None)
        line["ingest"] = {road: _whole((self.ingest or {}).get(road)) for road in _INGEST}
        line["growth_bytes"] = _rounded(self._grown())
        line["writers"] = {what: _rounded(self._kept(whole)) for whole, what in _WRITING.items()}
        line["stuck_p99"] = _rounded(self._stuck())
        return json.dumps(line)

    def tables(self) -> str:
        return "\n".join([*self._fan_out(), "", *self._others(), "", *self._targets(), ""])

    def page(self) -> str:
        """The whole as Markdown."""
        return "\n".join(
            [
                "# How events reach phones",
                "",
                f"By `make bench-live` on {datetime.now(UTC):%Y-%m-%d}: {self.rounds} interleaved rounds of "
                f"{self.seconds:g} s each, medians, over graphql-transport-ws without compression.",
                placement(),
                "",
                *self._notes(),
                "",
                "## Fan-out at saturation",
                "",
                *self._fan_out(),
                "",
                "## The rest",
                "",
                *self._others(),
                "",
                "## Targets",
                "",
                *self._targets(),
                "",
                "## Of what",
                "",
                *(f"- **{name}**: {ABOUT[name]}" for name in NAMES),
                "",
                *table(["", ""], [[name, found] for name, found in self.versions.items()]),
                "",
            ]
        )

    def per_core(self, layout: str, count: int, server: str) -> float | None:
        """The median of deliveries for a second of the server's processor."""
        rounds = self.fan_out.get((layout, count, server))
        return median(each.per_core for each in rounds) if rounds else None

    def _ratio(self, layout: str, count: int, other: str) -> float | None:
        ours, theirs = self.per_core(layout, count, OURS), self.per_core(layout, count, other)
        return ours / theirs if ours and theirs else None

    def _least(self, layout: str, other: str) -> float | None:
        """The worst of all numbers of phones."""
        found = [ratio for count in COUNTS if (ratio := self._ratio(layout, count, other)) is not None]
        return min(found) if found else None

    def _idle(self, server: str) -> float | None:
        """The worst of all layouts and numbers of phones."""
        found = [kib for (_, _, name), kib in self.idle.items() if name == server]
        return max(found) if found else None

    def _grown(self) -> float | None:
        """Bytes for each delivery."""
        return max(0.0, self.growth.grown_kib) * 1024 / self.growth.deliveries if self.growth else None

    def _kept(self, whole: bool) -> float | None:
        with_events, without = self.writers.get(whole, (0.0, 0.0))
        return with_events / without if without else None

    def _stuck(self) -> float | None:
        return self.stuck.p99_ms / self.reads.p99_ms if self.stuck and self.reads else None

    def _fan_out(self) -> list[str]:
        rows = [
            [
                layout,
                f"{count:,}",
                server,
                f"{self.per_core(layout, count, server):,.0f}",
                _shown(self._ratio(layout, count, server) if server != OURS else None),
                f"{median(each.busy_pct for each in rounds):.0f}",
                str(rounds[-1].message_bytes),
            ]
            for (layout, count, server), rounds in sorted(self.fan_out.items(), key=_place)
        ]
        heads = ["follow", "phones", "server", "deliveries/s per core", "ours to it", "core busy %", "bytes/message"]
        return table(heads, rows)

    def _others(self) -> list[str]:
        rows = [
            [f"KiB/idle phone, {count:,} that follow {layout}", server, f"{kib:.1f}"]
            for (layout, count, server), kib in self.idle.items()
        ]
        if self.latency:
            rows.append([f"commit to socket, ms: p50, p99 ({PHONES:,} phones)", OURS, _latency(self.latency)])
        if self.stuck and self.reads:
            rows.append(
                [f"the same beside {SUBSCRIPTIONS_OF_ONE} subscriptions of one who reads", OURS, _latency(self.reads)]
            )
            rows.append(["… who does not", OURS, _latency(self.stuck)])
        if self.growth:
            rows.append(
                [f"growth in {self.growth.deliveries:,} deliveries, KiB", OURS, f"{self.growth.grown_kib:,.0f}"]
            )
        if self.replay:
            rows.append([f"replay of {MISSED_BY_ONE:,} events, events/s", OURS, f"{median(self.replay):,.0f}"])
        if self.storm:
            what = f"storm of {STORMING:,} phones with {MISSED_BY_EACH} missed events each, s"
            rows.append([what, OURS, f"{median(self.storm):.2f}"])
        for whole, (with_events, without) in self.writers.items():
            what = f"{WRITERS} writers, {_WRITING[whole]}: transactions/s with events and without"
            rows.append([what, OURS, f"{with_events:,.0f}, {without:,.0f}"])
        rows += [[f"ingest: {road}, points/s", OURS, f"{rate:,.0f}"] for road, rate in (self.ingest or {}).items()]
        return table(["", "server", "found"], rows)

    def _targets(self) -> list[str]:
        rows = []
        for (layout, other), least in _AT_LEAST.items():
            ratio = self._least(layout, other)
            rows.append(verdict(f"{layout} to {other}", f"≥ {least:g}", ratio, _shown(ratio), (ratio or 0) >= least))
        rows.append(_most("commit to socket, p99 ms", _P99_MS, self.latency.p99_ms if self.latency else None))
        rows.append(_most("KiB/idle phone", _IDLE_KIB, self._idle(OURS)))
        rows.append(_most("growth, bytes/delivery, below", _GROWN_BYTES, self._grown()))
        rows.append(_least("replay, events/s", _REPLAY, median(self.replay) if self.replay else None))
        rows.append(_most("storm, s", _STORM_S, median(self.storm) if self.storm else None))
        rows += [_least(f"ingest by {road}", least, (self.ingest or {}).get(road)) for road, least in _INGEST.items()]
        for whole, what in _WRITING.items():
            rows.append(_least(f"writers with events to without, {what}", _WRITERS, self._kept(whole)))
        rows.append(_most("others' p99 beside one who does not read to one who does", _UNCHANGED, self._stuck()))
        return table(["target", "asked", "found", ""], rows)

    def _notes(self) -> list[str]:
        return [
            *([f"- graphql-ws did not take part: {self.missing}."] if self.missing else []),
            "- In the fan-out, a loop inside each server publishes the next event as soon as the last is written, so "
            "that no database is compared. *Per core* is by the processor time of the server alone, and counted are "
            "the messages that arrived. Of both numbers of phones, the worse ratio counts.",
            "- *topic*: all follow one vehicle. *own*: each follows another. All phones ask with the same document, "
            "and each gives its subscription an id of its own, as client libraries do.",
            "- The limit and graphql-ws verify no token and see no tenants. Ours does both.",
            "- *Commit to socket* is at half of what ours delivered at saturation: a process that only writes notes "
            "when its commit returns, and one phone of eight when it reads the event, by the clock that all processes "
            "share. The last of all phones gets an event after all others: so long does the writing take.",
            "- *Use case* is what is behind `updateVehicle`; *bare* is one UPDATE in a transaction, with the driver "
            "alone: the least that business can be. Each tells one event, or keeps it to itself.",
            "- The phones, the writers and PostgreSQL share the cores that the server does not have.",
        ]


def _place(entry: tuple[tuple[str, int, str], Any]) -> tuple[int, int, int]:
    layout, count, server = entry[0]
    return (TOPIC, OWN).index(layout), count, NAMES.index(server)


def _latency(found: Latency) -> str:
    at = f"at {found.per_second:,.0f} deliveries/s, phones' core busy {found.load_busy_pct:.0f} %"
    return f"{found.p50_ms:.1f}, {found.p99_ms:.1f} {at}; memory {found.grown_kib:+,.0f} KiB"


def _most(what: str, most: float, found: float | None) -> list[str]:
    return verdict(what, f"≤ {most:g}", found, _shown(found), found is not None and found <= most)


def _least(what: str, least: float, found: float | None) -> list[str]:
    return verdict(what, f"≥ {least:,g}", found, _shown(found), found is not None and found >= least)


def _shown(found: float | None) -> str:
    return "–" if found is None else f"{found:,.0f}" if found >= 1_000 else f"{found:.2f}"


def _rounded(found: float | None) -> float | None:
    return None if found is None else round(found, 3)


def _whole(found: float | None) -> int | None:
    return None if found is None else round(found)
