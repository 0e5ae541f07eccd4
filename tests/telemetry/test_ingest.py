"""What fleet-api ingest takes in is what the mutation would have taken: once, whatever interrupts it."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select, text

from fleet_api.settings import Settings
from fleet_api.telemetry.infrastructure import point_files
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import latest_telemetry, telemetry_points, trips
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicles
from tests.support.api import Api
from tests.support.telemetry import record, told
from tests.support.world import World
from tests.telemetry.conftest import Ingest, ndjson


def _csv(path: Path, points: Sequence[dict[str, Any]]) -> Path:
    names = sorted(set().union(*points))
    rows = [",".join(_cell(point.get(name)) for name in names) for point in points]
    path.write_text("\r\n".join([",".join(names), *rows, ""]))
    return path


def _cell(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


async def _kept(world: World) -> tuple[list[Any], list[Any], list[Any]]:
    """The history, the latest points and the odometers, but for when they came."""
    but = {"received_at", "vehicle_id", "fleet_provider_id"}
    async with world.engine.connect() as connection:
        tables = []
        for table in (telemetry_points, latest_telemetry):
            columns = [column for column in table.columns if column.name not in but]
            plates = select(vehicles.c.odometer_m, *columns).join(vehicles, vehicles.c.id == table.c.vehicle_id)
            ordered = plates.order_by(vehicles.c.odometer_m, table.c.recorded_at, table.c.source, table.c.sequence)
            tables.append([tuple(row) for row in await connection.execute(ordered)])
        odometers = await connection.execute(select(vehicles.c.odometer_m).order_by(vehicles.c.odometer_m))
        return tables[0], tables[1], list(odometers.scalars())


def _story(car: Vehicle, other: Vehicle) -> list[dict[str, Any]]:
    """New, late, twice, faulty, of two sources, with and without measurements."""
    return [
        *(told(car, second, speedKph=40, odometerM=2_000_000 + second * 10) for second in range(50)),
        *(told(other, second * 7 % 50, stateOfChargePct=80 - second / 10, source="phone.1") for second in range(50)),
        told(car, 20, speedKph=1),
        told(car, 20, source="a", sequence=3, pluggedIn=True, energyOutWh=5, headingDeg=0.5),
        told(car, -30, odometerM=1_999_000),
        told(car, 60, odometerM=1),
        told(car, 61, odometerM=2_147_483_647),
        told(other, 200, latitude=91),
        told(other, -100 * 86_400),
        told(other, 55, odometerM=3_000_000),
    ]


@pytest.mark.parametrize("form", ["ndjson", "csv"])
async def test_a_file_leaves_what_the_mutation_leaves(
    api: Api, world: World, ingest: Ingest, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(point_files, "LINES", 40)
    north = await world.provider()
    car, other = await world.vehicle(north, odometer_m=1_000_000), await world.vehicle(north, odometer_m=2_000)
    points = _story(car, other)
    receipts = [await record(api, car, *points[start : start + 40]) for start in range(0, len(points), 40)]
    by_mutation = await _kept(world)
    async with world.engine.begin() as connection:
        await connection.execute(text("TRUNCATE telemetry_points, latest_telemetry, trips"))
        for vehicle in (car, other):
            changed = vehicles.update().where(vehicles.c.id == vehicle.id).values(odometer_m=vehicle.odometer_m)
            await connection.execute(changed)
    path = tmp_path / f"points.{form}"
    path = _csv(path, points) if form == "csv" else ndjson(path, *points)
    result = await ingest(path)
    assert await _kept(world) == by_mutation
    names = ("accepted", "late", "duplicate", "rejected")
    counts = ["{} {}".format(*pair) for pair in zip(names, _sums(receipts, names), strict=True)]
    assert result.stdout.splitlines()[0].lower().replace("refused", "rejected") == f"{', '.join(counts)}."
    async with world.engine.connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(trips))).scalar_one() == 0


def _sums(receipts: Sequence[Any], names: Sequence[str]) -> list[int]:
    return [sum(receipt[name] for receipt in receipts) for name in names]


async def test_what_came_in_wholly_comes_in_once(world: World, ingest: Ingest, tmp_path: Path) -> None:
    car = await world.vehicle(await world.provider())
    path = ndjson(tmp_path / "points", told(car), told(car, 1))
    assert (await ingest(path)).stdout == "Accepted 2, late 0, duplicate 0, refused 0.\n"
    again = await ingest(path)
    assert (again.exit_code, "came in before" in again.stdout) == (0, True)
    over = await ingest(path, "--again")
    assert over.stdout == "Accepted 0, late 0, duplicate 2, refused 0.\n"
    assert len((await _kept(world))[0]) == 2


async def test_a_provider_sees_its_own_vehicles_only(world: World, ingest: Ingest, tmp_path: Path) -> None:
    mine, theirs = await world.vehicle(await world.provider()), await world.vehicle(await world.provider())
    by_vin = [
        {"vin": car.vin, **{name: value for name, value in told(car).items() if name != "vehicleId"}}
        for car in (mine, theirs)
    ]
    path = ndjson(tmp_path / "points", *by_vin, told(mine, 1), told(theirs, 1))
    result = await ingest(path, "--provider", mine.fleet_provider_id)
    assert (result.exit_code, result.stdout.splitlines()[1]) == (1, "  2 UNKNOWN_VEHICLE")
    refused = [orjson.loads(line)["line"] for line in Path(f"{path}.refused.ndjson").read_bytes().splitlines()]
    assert refused == [2, 4]


async def test_standard_input_is_a_file_too(
    world: World, ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    car = await world.vehicle(await world.provider())
    lines = b"\n".join(map(orjson.dumps, (told(car), told(car, 1), told(car, 2, latitude=91))))
    result = await ingest("-", input=lines)
    assert (result.exit_code, result.stdout.startswith("Accepted 2,")) == (1, True)
    assert (tmp_path / "stdin.refused.ndjson").exists()


@pytest.fixture
async def many(world: World, tmp_path: Path) -> AsyncIterator[Path]:
    """120,000 points of which every hundredth is refused."""
    north = await world.provider()
    fleet = [await world.vehicle(north) for _ in range(20)]
    points = (
        told(car, -40_000 + second, speedKph=900 if second % 100 == 0 else 40)
        for second in range(6_000)
        for car in fleet
    )
    yield ndjson(tmp_path / "points", *points)


async def test_what_is_killed_goes_on_and_loses_and_doubles_nothing(
    world: World, database_url: str, settings: Settings, ingest: Ingest, many: Path
) -> None:
    environment = {**os.environ, "FLEET_DATABASE_URL": database_url, "FLEET_DATA_DIR": str(settings.data_dir)}
    command = [sys.executable, "-c", "from fleet_api.cli import app; app()", "ingest", str(many)]
    killed = 0
    for part in (0, 30_000, 70_000):
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=DEVNULL, stderr=DEVNULL)
        until = time.monotonic() + 60
        while process.returncode is None and time.monotonic() < until and await _count(world) <= part:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        if process.returncode is None:
            process.kill()
            killed += 1
        await process.wait()
    assert killed
    assert 0 < await _count(world) < 118_800
    result = await ingest(many)
    assert result.stdout.startswith("Accepted 118800, late 0, duplicate 0, refused 1200.")
    assert await _count(world) == 118_800
    refused = [orjson.loads(line)["line"] for line in Path(f"{many}.refused.ndjson").read_bytes().splitlines()]
    assert refused == [line for start in range(0, 120_000, 2_000) for line in range(start + 1, start + 21)]


async def _count(world: World) -> int:
    async with world.engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(telemetry_points))).scalar_one())
