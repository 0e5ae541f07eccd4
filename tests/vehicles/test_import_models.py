"""`fleet-api import-models`: the whole command over a real database."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select
from typer.testing import CliRunner

from fleet_api.cli import app
from fleet_api.importing import ImportFailedError
from fleet_api.importing import import_models as import_file
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicle_models
from tests.support.world import World

_DATASET = Path(__file__).resolve().parents[3] / "shared" / "data" / "open-ev-data" / "models.jsonl"

Import = Callable[[Path], Result]


@pytest.fixture
def import_models(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setenv("FLEET_DATABASE_URL", database_url)
    monkeypatch.setenv("FLEET_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("fleet_api.cli.configure_logs", lambda: None)
    return lambda path: CliRunner().invoke(app, ["import-models", str(path)])


def _line(**more: Any) -> str:
    entry = {
        "make": {"name": "Audi"},
        "model": {"name": "Q4 e-tron"},
        "trim": {"name": "40"},
        "year": 2024,
        "battery": {"pack_capacity_kwh_net": 77},
        "charge_ports": [{"kind": "combo", "connector": "ccs2"}],
        "charging": {"ac": {"max_power_kw": 11}, "dc": {"max_power_kw": 135}},
        "range": {"rated": [{"cycle": "wltp", "range_km": 520}]},
    }
    return json.dumps(entry | more)


def _catalogue(database_url: str) -> list[Any]:
    async def read() -> list[Any]:
        async with World.at(database_url) as world, world.engine.connect() as connection:
            return list((await connection.execute(select(vehicle_models).order_by(vehicle_models.c.year))).all())

    return asyncio.run(read())


def test_the_whole_dataset_is_loaded_once(import_models: Import, database_url: str) -> None:
    if not _DATASET.exists():
        pytest.skip("open-ev-data is not beside the repository (../shared/data/open-ev-data/models.jsonl)")
    first, second = import_models(_DATASET), import_models(_DATASET)
    assert (first.exit_code, first.stdout) == (0, "Inserted 1189, updated 0, unchanged 0, refused 0.\n")
    assert (second.exit_code, second.stdout) == (0, "Inserted 0, updated 0, unchanged 1189, refused 0.\n")
    assert len(_catalogue(database_url)) == 1_189


def test_bad_lines_are_told_one_by_one_and_spoil_no_others(
    import_models: Import, database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "models.jsonl"
    lines = [
        _line().encode(),
        b'{"make"',
        b"",
        b"[1]",
        _line(year=1066).encode(),
        _line(charge_ports=[{"kind": "combo", "connector": "steam"}]).encode(),
        _line().replace("Audi", "Citro\u00ebn").encode("latin-1").replace(b"\\u00eb", b"\xeb"),
        _line(year=2025).encode(),
    ]
    path.write_bytes(b"\n".join(lines))
    result = import_models(path)
    assert (result.exit_code, result.stdout) == (0, "Inserted 2, updated 0, unchanged 0, refused 5.\n")
    told = [line.split(" ")[:3] for line in result.stderr.splitlines()]
    assert told == [
        ["line", "2:", "MALFORMED_JSON"],
        ["line", "4:", "NOT_AN_OBJECT"],
        ["line", "5:", "INVALID_FIELD"],
        ["line", "6:", "UNKNOWN_CONNECTOR"],
        ["line", "7:", "INVALID_FIELD"],
    ]
    assert [row.year for row in _catalogue(database_url)] == [2024, 2025]


def test_a_model_that_is_known_keeps_its_id_and_learns_the_rest(
    import_models: Import, database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "models.jsonl"
    path.write_text(_line())
    import_models(path)
    (before,) = _catalogue(database_url)
    path.write_text(_line(charging={"ac": {"max_power_kw": 22}}))
    assert import_models(path).stdout == "Inserted 0, updated 1, unchanged 0, refused 0.\n"
    (after,) = _catalogue(database_url)
    assert (after.id, after.ac_max_kw, after.dc_max_kw) == (before.id, 22, None)


def test_a_file_that_is_refused_throughout_is_a_failure(import_models: Import, tmp_path: Path) -> None:
    path = tmp_path / "models.jsonl"
    path.write_text("not JSON\n{}\n")
    result = import_models(path)
    assert (result.exit_code, result.stdout) == (1, "Inserted 0, updated 0, unchanged 0, refused 2.\n")
    path.write_text("")
    assert import_models(path).exit_code == 0


def test_a_file_that_cannot_be_read_is_told(import_models: Import, tmp_path: Path) -> None:
    result = import_models(tmp_path / "nowhere.jsonl")
    assert result.exit_code == 1
    assert "nowhere.jsonl cannot be read: No such file or directory." in result.stderr


def test_a_database_that_is_away_is_told(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "models.jsonl"
    path.write_text(_line())
    with pytest.raises(ImportFailedError, match="UNAVAILABLE"):
        asyncio.run(import_file("postgresql+asyncpg://nobody@127.0.0.1:1/none", services, path))
