"""fleet-api ingest, as a shell runs it."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import func, select, text
from typer.testing import CliRunner, Result

from fleet_api.cli import app
from fleet_api.settings import Settings
from fleet_api.telemetry.infrastructure import point_files
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import latest_telemetry, telemetry_points, trips
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicles
from tests.support.api import Api, global_id
from tests.support.telemetry import START, record, told
from tests.support.world import World

Ingest = Callable[..., Result]


@pytest.fixture
def ingest(database_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Ingest:
    monkeypatch.setenv("FLEET_DATABASE_URL", database_url)
    monkeypatch.setenv("FLEET_DATA_DIR", str(settings.data_dir))

    def run(*arguments: object, input: bytes | None = None) -> Result:
        result = CliRunner().invoke(app, ["ingest", *map(str, arguments)], input=input)
        assert not result.exception or isinstance(result.exception, SystemExit)
        return result

    # The command has an event loop of its own, and so must run beside that of the tests.
    return run


async def _run(ingest: Ingest, *arguments: object, input: bytes | None = None) -> Result:
    return await asyncio.to_thread(ingest, *arguments, input=input)


def _ndjson(path: Path, *lines: Any) -> Path:
    path.write_bytes(b"".join((line if isinstance(line, bytes) else orjson.dumps(line)) + b"\n" for line in lines))
    return path


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
    path = _csv(path, points) if form == "csv" else _ndjson(path, *points)
    result = await _run(ingest, path)
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
    path = _ndjson(tmp_path / "points", told(car), told(car, 1))
    assert (await _run(ingest, path)).stdout == "Accepted 2, late 0, duplicate 0, refused 0.\n"
    again = await _run(ingest, path)
    assert (again.exit_code, "came in before" in again.stdout) == (0, True)
    over = await _run(ingest, path, "--again")
    assert over.stdout == "Accepted 0, late 0, duplicate 2, refused 0.\n"
    assert len((await _kept(world))[0]) == 2


async def test_refused_lines_are_told_one_by_one_and_spoil_no_others(
    world: World, ingest: Ingest, tmp_path: Path
) -> None:
    car = await world.vehicle(await world.provider())
    stranger = global_id("Vehicle", UUID(int=7))
    path = _ndjson(
        tmp_path / "points",
        b"\xef\xbb\xbf" + orjson.dumps(told(car)),
        b"",
        b"[1]",
        b'{"vehicleId":',
        orjson.dumps(told(car)).replace(b"obd", b"o\xffd"),
        told(car, 1, speed=5),
        told(car, 2, speedKph="fast"),
        told(car, 3, vehicleId=stranger),
        told(car, 4, latitude=None),
        told(car, 5, recordedAt="today"),
        told(car, 6, longitude=181),
        orjson.dumps(told(car, 7)) + b"\r",
        b'{"source": "' + b"x" * 1_000_000 + b'"}',
        {name: value for name, value in told(car, 8).items() if name != "vehicleId"},
        told(car, 9, odometerM=2**31),
        told(car, 10),
    )
    with path.open("ab") as file:
        file.write(b'{"vehicleId": "cut o')
    result = await _run(ingest, path)
    assert result.exit_code == 1
    assert result.stdout.startswith("Accepted 3, late 0, duplicate 0, refused 13.")
    refused = [orjson.loads(line) for line in Path(f"{path}.refused.ndjson").read_bytes().splitlines()]
    assert [(fault["line"], fault["code"], fault["field"]) for fault in refused] == [
        (3, "INVALID_JSON", None),
        (4, "INVALID_JSON", None),
        (5, "INVALID_JSON", None),
        (6, "UNKNOWN_FIELD", "speed"),
        (7, "INVALID_VALUE", "speedKph"),
        (8, "UNKNOWN_VEHICLE", "vehicleId"),
        (9, "MISSING_FIELD", "latitude"),
        (10, "INVALID_TIME", "recordedAt"),
        (11, "INVALID_POSITION", "longitude"),
        (13, "LINE_TOO_LONG", None),
        (14, "MISSING_FIELD", "vehicleId"),
        (15, "INVALID_VALUE", "odometerM"),
        (17, "INVALID_JSON", None),
    ]
    assert "  4 INVALID_JSON" in result.stdout
    assert "ends within" in refused[-1]["message"]
    # When it starts over, what is told of it does, too.
    await _run(ingest, path, "--again")
    assert len(Path(f"{path}.refused.ndjson").read_bytes().splitlines()) == 13


async def test_lines_of_a_csv_are_refused_alike(world: World, ingest: Ingest, tmp_path: Path) -> None:
    car = await world.vehicle(await world.provider())
    id, at = global_id("Vehicle", car.id), START.isoformat()
    path = tmp_path / "points.csv"
    head = "vehicleId,recordedAt,source,latitude,longitude,speedKph,odometerM,pluggedIn"
    rows = [
        f'{id},{at},"obd",59.5,10.5,,,',
        f"{id},{at},obd,59.5",
        f"{id},{at},a,59.5,10.5,fast,,",
        f"{id},{at},b,59.5,10.5,1_0,,",
        f"{id},{at},c,59.5,10.5,,7.5,",
        f"{id},{at},d,59.5,10.5,,,maybe",
        f'{id},{at},"e,59.5,10.5,,,',
        f"{id},{at},f,59.5,10.5,10,5,true",
    ]
    path.write_text("\n".join([head, *rows]))
    result = await _run(ingest, path)
    refused = [orjson.loads(line) for line in Path(f"{path}.refused.ndjson").read_bytes().splitlines()]
    assert [(fault["line"], fault["code"], fault["field"]) for fault in refused] == [
        (3, "INVALID_CSV", None),
        (4, "INVALID_VALUE", "speedKph"),
        (5, "INVALID_VALUE", "speedKph"),
        (6, "INVALID_VALUE", "odometerM"),
        (7, "INVALID_VALUE", "pluggedIn"),
        (8, "INVALID_CSV", None),
        (9, "ODOMETER_FELL", "odometerM"),
    ]
    assert result.stdout.startswith("Accepted 1,")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[{}]", "it is a JSON array"),
        (b"vehicleId,recordedAt,source,latitude\n", "it lacks the column longitude"),
        (b"recordedAt,source,latitude,longitude\n", "it lacks the column vehicleId"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither one JSON object a line nor a CSV"),
        (b"a,b\n", "'a' is no field of a point"),
        (b"vehicleId,vehicleId\n", "names a column twice"),
        (b"vin,recordedAt,source,latitude,longitude\nX,2026-01-01T00:00:00Z,a,1,1\n", "--provider"),
    ],
)
async def test_a_file_that_is_none_is_told(ingest: Ingest, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "points"
    path.write_bytes(content)
    result = await _run(ingest, path)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


async def test_a_file_that_is_away_or_empty_is_told(ingest: Ingest, tmp_path: Path) -> None:
    away = await _run(ingest, tmp_path / "nowhere")
    assert (away.exit_code, "nowhere cannot be read: No such file or directory." in away.stderr) == (2, True)
    (tmp_path / "empty").touch()
    empty = await _run(ingest, tmp_path / "empty")
    assert (empty.exit_code, empty.stdout) == (0, "Accepted 0, late 0, duplicate 0, refused 0.\n")


async def test_a_provider_sees_its_own_vehicles_only(world: World, ingest: Ingest, tmp_path: Path) -> None:
    mine, theirs = await world.vehicle(await world.provider()), await world.vehicle(await world.provider())
    by_vin = [
        {"vin": car.vin, **{name: value for name, value in told(car).items() if name != "vehicleId"}}
        for car in (mine, theirs)
    ]
    path = _ndjson(tmp_path / "points", *by_vin, told(mine, 1), told(theirs, 1))
    result = await _run(ingest, path, "--provider", mine.fleet_provider_id)
    assert (result.exit_code, result.stdout.splitlines()[1]) == (1, "  2 UNKNOWN_VEHICLE")
    refused = [orjson.loads(line)["line"] for line in Path(f"{path}.refused.ndjson").read_bytes().splitlines()]
    assert refused == [2, 4]


async def test_standard_input_is_a_file_too(
    world: World, ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    car = await world.vehicle(await world.provider())
    lines = b"\n".join(map(orjson.dumps, (told(car), told(car, 1), told(car, 2, latitude=91))))
    result = await _run(ingest, "-", input=lines)
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
    yield _ndjson(tmp_path / "points", *points)


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
    result = await _run(ingest, many)
    assert result.stdout.startswith("Accepted 118800, late 0, duplicate 0, refused 1200.")
    assert await _count(world) == 118_800
    refused = [orjson.loads(line)["line"] for line in Path(f"{many}.refused.ndjson").read_bytes().splitlines()]
    assert refused == [line for start in range(0, 120_000, 2_000) for line in range(start + 1, start + 21)]


async def _count(world: World) -> int:
    async with world.engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(telemetry_points))).scalar_one())
