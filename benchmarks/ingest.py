"""How fast points come in: through the mutation over HTTP, and by `fleet-api ingest`, beside a plain multi-row INSERT.

Each takes in the same points, into tables that are empty before it.
"""

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import psutil
from strawberry.relay import to_base64

from benchmarks import contestants
from benchmarks.contestants import OURS, Server
from benchmarks.cores import Cores
from benchmarks.load import many, request
from benchmarks.processes import fleet_api, our_environment
from benchmarks.workloads import PROVIDER, E
from benchmarks.worlds import WRITES, Worlds, plain, worlds

_VEHICLES = 200
_POINTS = 5_000
_CALLS = 24
_BULK_TIMES = 4
"""How often as many points the file has: its way in is shorter."""
_WARM_UP = 3
_ROUNDS = 3
_ROWS = 1_000
_EMPTY = ("TRUNCATE telemetry_points, latest_telemetry, trips, geofence_presences, telemetry_ingests",)

Row = tuple[UUID, datetime, str, float, float, float, float, int]
_NAMES = ("vehicleId", "recordedAt", "source", "latitude", "longitude", "speedKph", "stateOfChargePct", "odometerM")


@dataclass(frozen=True, slots=True)
class Speed:
    """server_us, postgres_us: time of processors per point."""

    per_second: float
    server_us: float
    postgres_us: float

    @classmethod
    def middle(cls, rounds: Sequence["Speed"]) -> "Speed":
        return cls(*(median(getattr(one, name) for one in rounds) for name in cls.__slots__))


@dataclass(frozen=True, slots=True)
class Ingest:
    """insert: one connection, rows of a thousand points each, which does nothing else."""

    mutation: Speed
    bulk: Speed
    insert: Speed

    def lines(self) -> list[str]:
        rows = {"mutation": self.mutation, "bulk": self.bulk, "plain INSERT": self.insert}
        return [
            f"{name:12}  {speed.per_second:9,.0f} points/s  {speed.per_second / self.insert.per_second:5.2f} of INSERT"
            f"  per point: ours {speed.server_us:5.1f} µs, PostgreSQL {speed.postgres_us:5.1f} µs"
            for name, speed in rows.items()
        ]

    def figures(self) -> Mapping[str, float]:
        """Points a second, by road."""
        return {
            "mutation": self.mutation.per_second,
            "bulk": self.bulk.per_second,
            "insert": self.insert.per_second,
        }


def measure(world: Worlds, data_dir: Path, rounds: int = _ROUNDS) -> Ingest:
    """Each in turn, and all of that again; the medians count. data_dir: where our signing key lies."""
    rows = _rows(world, (_CALLS + _WARM_UP) * _POINTS * _BULK_TIMES)
    token = contestants.token("device", data_dir)
    path = data_dir / "points.ndjson"
    path.write_bytes(b"".join(orjson.dumps(_point(row)) + b"\n" for row in rows))
    measured: dict[str, list[Speed]] = {"mutation": [], "bulk": [], "insert": []}
    with ExitStack() as running:
        cores = Cores.servers()
        server = running.enter_context(contestants.running(OURS, world.url(WRITES), WRITES, data_dir, {}, cores))
        calls = _calls(server, token, rows)
        for number in range(rounds):
            for name, one in (
                ("mutation", lambda: _mutation(world, server, calls)),
                ("bulk", lambda: _bulk(world, data_dir, path, len(rows))),
                ("insert", lambda: _insert(world, rows[: _CALLS * _POINTS])),
            ):
                world.execute(WRITES, *_EMPTY, "UPDATE vehicles SET odometer_m = 0", "VACUUM FULL vehicles")
                measured[name].append(one())
                print(f"round {number + 1}  {name:8}  {measured[name][-1].per_second:9,.0f} points/s", flush=True)
    return Ingest(**{name: Speed.middle(speeds) for name, speeds in measured.items()})


def _rows(world: Worlds, count: int) -> list[Row]:
    """Of one second after the other, until a minute ago: of each of the vehicles one point, as they drive and stop."""
    asked = "SELECT vehicle_id, latitude, longitude FROM latest_telemetry WHERE fleet_provider_id = $1 LIMIT $2"
    fleet = [tuple(row) for row in world.rows(WRITES, asked, PROVIDER, _VEHICLES)]
    random, seconds = Random(1), count // _VEHICLES
    began = datetime.now(UTC) - timedelta(seconds=seconds + 60)
    rows: list[Row] = []
    for second in range(seconds):
        at = began + timedelta(seconds=second)
        for number, (id, latitude, longitude) in enumerate(fleet):
            stands = (second // 60 + number) % 10 == 0
            speed = 0.0 if stands else round(random.uniform(20, 50), 1)
            place = round(latitude + second * 1e-5, 6), round(longitude + number * 1e-6, 6)
            charge = round(90 - second / 40 % 80, 2)
            rows.append((id, at, "obd", *place, speed, charge, 1_000_000 + second * 10))
    return rows


def _point(row: Row) -> dict[str, Any]:
    return {**dict(zip(_NAMES, row, strict=True)), "vehicleId": to_base64("Vehicle", row[0])}


def _calls(server: Server, token: str, rows: Sequence[Row]) -> list[bytes]:
    """The mutation's requests, each of as many points."""
    points, messages = map(_point, rows), []
    for _ in range(_WARM_UP + _CALLS):
        variables = {"input": {"points": list(islice(points, _POINTS))}}
        body = orjson.dumps({"query": E, "operationName": "E", "variables": variables})
        messages.append(request(server.port, body, token))
    return messages


def _mutation(world: Worlds, server: Server, calls: Sequence[bytes]) -> Speed:
    """One connection, one call after the other."""
    many(server.port, [iter(calls[:_WARM_UP])], _WARM_UP)
    return _timed(
        world, lambda: many(server.port, [iter(calls[_WARM_UP:])], _CALLS), _CALLS * _POINTS, server.cpu_seconds
    )


def _bulk(world: Worlds, data_dir: Path, path: Path, points: int) -> Speed:
    """The command, less the same command with nothing to do."""
    whole = _timed(world, lambda: _command(world, data_dir, path), points, _children_seconds)
    nothing = _timed(world, lambda: _command(world, data_dir, path), points, _children_seconds)
    seconds = points / whole.per_second - points / nothing.per_second
    return Speed(points / seconds, whole.server_us - nothing.server_us, whole.postgres_us - nothing.postgres_us)


def _command(world: Worlds, data_dir: Path, path: Path) -> None:
    with Cores.only(Cores.servers()):
        subprocess.run(
            [*fleet_api("ingest"), str(path)],
            env={**our_environment(data_dir), "FLEET_DATABASE_URL": world.url(WRITES)},
            stdout=subprocess.DEVNULL,
            check=True,
        )


def _children_seconds() -> float:
    """Of processes that have ended."""
    times = psutil.Process().cpu_times()
    return float(times.children_user + times.children_system)


def _insert(world: Worlds, rows: Sequence[Row]) -> Speed:
    times = psutil.Process().cpu_times
    run = lambda: asyncio.run(_insert_rows(world.url(WRITES), rows))  # noqa: E731
    return _timed(world, run, len(rows), lambda: times().user + times().system)


async def _insert_rows(url: str, rows: Sequence[Row]) -> None:
    columns = "vehicle_id, recorded_at, source, latitude, longitude, speed_kph, state_of_charge_pct, odometer_m"
    width = len(_NAMES)
    values = ", ".join(
        f"({', '.join(f'${place * width + column + 1}' for column in range(width))}, 0, '{PROVIDER}', now())"
        for place in range(_ROWS)
    )
    connection = await asyncpg.connect(plain(url))
    try:
        statement = await connection.prepare(
            f"INSERT INTO telemetry_points ({columns}, sequence, fleet_provider_id, received_at) VALUES {values} "
            "ON CONFLICT DO NOTHING"
        )
        for start in range(0, len(rows), _ROWS):
            await statement.fetch(*(value for row in rows[start : start + _ROWS] for value in row))
    finally:
        await connection.close()


def _timed(world: Worlds, run: Callable[[], None], points: int, ours: Callable[[], float]) -> Speed:
    theirs = _postgres_seconds(world)
    began, before = time.perf_counter(), ours()
    run()
    seconds = time.perf_counter() - began
    us = 1_000_000 / points
    return Speed(points / seconds, (ours() - before) * us, (_postgres_seconds(world) - theirs) * us)


def _postgres_seconds(world: Worlds) -> float:
    """Of all its processes, those that have ended among them."""
    postmaster = psutil.Process(world.pid)
    alive = 0.0
    for process in postmaster.children():
        with suppress(psutil.NoSuchProcess):  # it may end meanwhile
            alive += sum(process.cpu_times()[:2])
    ended = postmaster.cpu_times()
    return float(alive + ended.children_user + ended.children_system)


if __name__ == "__main__":
    with worlds(None, ten_times=False) as found, tempfile.TemporaryDirectory() as scratch:
        Cores.leave_to_servers(found.pid)
        print("\n".join(measure(found, Path(scratch)).lines()))
