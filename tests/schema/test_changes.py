"""A change that breaks clients is noticed before they are."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fleet_api.cli import app
from fleet_api.graphql.sdl import schema_changes, schema_in_sdl

_NOW = schema_in_sdl()
_FOLDER = Path(__file__).parents[2] / "docs" / "schema"
_runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(_FOLDER, tmp_path / "schema"))


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("  legalName:", "  registeredName:", "Field FleetProvider.legalName was removed."),
        ("  fullName: String!\n", "  fullName: String\n", "Driver.fullName changed type from String! to String."),
        ("    first: Int = null\n", "    first: Int!\n", "first"),
        ("  RETIRED\n", "  SCRAPPED\n", "Enum value VehicleStatus.RETIRED was removed."),
        ("type Driver implements Node {", "type Driver {", "Node"),
    ],
)
def test_what_breaks_clients_is_told(was: str, becomes: str, told: str) -> None:
    assert was in _NOW
    changes = schema_changes(_NOW, _NOW.replace(was, becomes))
    assert any(told in change for change in changes.breaking)
    assert changes.refused("") == changes.breaking
    assert changes.refused("\n".join(f"- {change}" for change in changes.breaking)) == []


def test_what_is_added_breaks_nobody() -> None:
    added = (
        'extend type Driver {\n"""In EU sizes."""\nshoeSize(\n"""Left, by default."""\nright: Boolean = false): Int\n}'
    )
    changes = schema_changes(_NOW, f"{_NOW}\n{added}")
    assert (changes.breaking, changes.dangerous) == ([], [])


def test_a_further_value_of_an_enum_may_surprise_but_is_not_refused() -> None:
    changes = schema_changes(_NOW, _NOW.replace("  RETIRED\n", "  RETIRED\n  STOLEN\n"))
    assert changes.breaking == []
    assert changes.dangerous == ["Enum value VehicleStatus.STOLEN was added."]


def test_clients_keep_all_that_was_released_to_them() -> None:
    told = _runner.invoke(app, ["schema-changes", str(_FOLDER)])
    assert told.exit_code == 0, told.output


def test_a_field_that_is_gone_is_refused_until_it_is_accepted_or_released(folder: Path) -> None:
    released = folder / "released.graphql"
    released.write_text(_NOW.replace(owner := "type FleetProvider implements Node {\n", f"{owner}  nickname: String\n"))
    refused = _runner.invoke(app, ["schema-changes", str(folder)])
    assert refused.exit_code == 1
    assert "breaks clients: Field FleetProvider.nickname was removed." in refused.output

    changes = folder / "changes.md"
    before = changes.read_text()
    changes.write_text(before + "\n- Field FleetProvider.nickname was removed. Ask for `legalName`.\n")
    assert _runner.invoke(app, ["schema-changes", str(folder)]).exit_code == 0

    changes.write_text(before)
    assert _runner.invoke(app, ["schema-changes", str(folder), "--release"]).exit_code == 0
    assert released.read_text() == _NOW
    again = _runner.invoke(app, ["schema-changes", str(folder)])
    assert (again.exit_code, again.output) == (0, "")
