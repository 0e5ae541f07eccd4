"""What fleet-api ingest refuses, a line or a whole file, it names, and takes in what is right beside it."""

from pathlib import Path
from uuid import UUID

import orjson
import pytest

from tests.support.api import global_id
from tests.support.telemetry import START, told
from tests.support.world import World
from tests.telemetry.conftest import Ingest, ndjson


async def test_refused_lines_are_told_one_by_one_and_spoil_no_others(
    world: World, ingest: Ingest, tmp_path: Path
) -> None:
    car = await world.vehicle(await world.provider())
    stranger = global_id("Vehicle", UUID(int=7))
    path = ndjson(
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
    result = await ingest(path)
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
    await ingest(path, "--again")
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
    result = await ingest(path)
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
    result = await ingest(path)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


async def test_a_file_that_is_away_or_empty_is_told(ingest: Ingest, tmp_path: Path) -> None:
    away = await ingest(tmp_path / "nowhere")
    assert (away.exit_code, "nowhere cannot be read: No such file or directory." in away.stderr) == (2, True)
    (tmp_path / "empty").touch()
    empty = await ingest(tmp_path / "empty")
    assert (empty.exit_code, empty.stdout) == (0, "Accepted 0, late 0, duplicate 0, refused 0.\n")
