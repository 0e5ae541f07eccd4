"""The commands, as a shell runs them."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fleet_api.cli import app
from fleet_api.demo.demo_ids import driver_id, provider_id
from fleet_api.demo.world.names import person
from fleet_api.demo.world.providers import NORTH
from fleet_api.graphql.app import make_services, make_verifier
from fleet_api.migrations import newest_revision, revision_of
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from tests.support.api import global_id

_runner = CliRunner()


@pytest.fixture
def at_the_demo(demo_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FLEET_DATABASE_URL", demo_url)
    monkeypatch.setenv("FLEET_DATA_DIR", str(settings.data_dir))
    yield


def _token(settings: Settings, *arguments: str) -> Viewer:
    result = _runner.invoke(app, ["token", *arguments])
    assert result.exit_code == 0, result.stderr
    assert len(result.stdout.split()) == 1
    verifier = make_verifier(settings, make_services(settings))
    return asyncio.run(verifier.verify(result.stdout.strip()))


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.PLATFORM_OPS, Role.DRIVER}])
def test_a_token_for_every_role(at_the_demo: None, settings: Settings, role: Role) -> None:
    viewer = _token(settings, "--role", role.value, "--provider", "north")
    assert (viewer.role, viewer.provider_id) == (role, provider_id("north"))


def test_the_platform_has_no_provider(at_the_demo: None, settings: Settings) -> None:
    assert _token(settings, "--role", "platform_ops").provider_id is None
    refused = _runner.invoke(app, ["token", "--role", "platform_ops", "--provider", "north"])
    assert (refused.exit_code, refused.stdout) == (2, "")


@pytest.mark.parametrize("how", ["default", "phone", "id", "global id"])
def test_a_token_for_a_driver(at_the_demo: None, settings: Settings, how: str) -> None:
    me = driver_id("north", 0)
    named = {"default": [], "phone": [person(NORTH, 0).phone], "id": [str(me)], "global id": [global_id("Driver", me)]}
    arguments = ["--driver", *named[how]] if named[how] else ["--provider", "north"]
    viewer = _token(settings, "--role", "driver", *arguments)
    assert (viewer.driver_id, viewer.provider_id) == (me, provider_id("north"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--role", "dispatcher"],
        ["--role", "dispatcher", "--provider", "nowhere"],
        ["--role", "driver", "--driver", "nobody"],
        ["--role", "driver", "--driver", "+4700000000"],
        ["--role", "king", "--provider", "north"],
        ["--role", "dispatcher", "--provider", "north", "--ttl", "0"],
        ["--role", "dispatcher", "--provider", "north", "--ttl", "99999999999999"],
    ],
)
def test_what_cannot_be_is_refused_without_a_token(at_the_demo: None, arguments: list[str]) -> None:
    result = _runner.invoke(app, ["token", *arguments])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_a_changed_schema_is_noticed(tmp_path: Path) -> None:
    written = tmp_path / "schema.graphql"
    assert _runner.invoke(app, ["export-schema", str(written), "--check"]).exit_code == 1
    assert _runner.invoke(app, ["export-schema", str(written)]).exit_code == 0
    assert _runner.invoke(app, ["export-schema", str(written), "--check"]).exit_code == 0
    written.write_text(written.read_text().replace("fullName", "name"))
    assert _runner.invoke(app, ["export-schema", str(written), "--check"]).exit_code == 1


def test_maintenance_can_be_run_by_hand(at_the_demo: None) -> None:
    assert _runner.invoke(app, ["maintain"]).exit_code == 0


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORT", "abc"), ("PORT", "99999"), ("SEED", "foo"), ("WORKERS", "0"), ("TELEMETRY_RETENTION_DAYS", "0")],
)
def test_a_wrong_setting_is_named_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(f"FLEET_{variable}", value)
    result = _runner.invoke(app, ["serve"])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"FLEET_{variable}: ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("value", ["http://me:secret@host", "me:secret@host:4222", "nats://", "nats://a,secret"])
def test_an_address_of_nats_that_is_none_is_told_but_not_repeated(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FLEET_EVENTS_RELAY", value)
    result = _runner.invoke(app, ["serve"])
    assert result.exit_code == 2
    assert result.stderr.startswith("FLEET_EVENTS_RELAY: ")
    assert "secret" not in result.output


def test_without_its_library_a_relay_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLEET_EVENTS_RELAY", "nats://host:4222")
    monkeypatch.setattr("fleet_api.settings.find_spec", lambda _: None)
    result = _runner.invoke(app, ["serve"])
    assert (result.exit_code, "fleet-api[relay]" in result.stderr) == (2, True)


def test_a_signing_key_that_is_none_is_told(at_the_demo: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("nonsense")
    monkeypatch.setenv("FLEET_SIGNING_KEY_FILE", str(tmp_path / "key.pem"))
    monkeypatch.setenv("FLEET_PORT", "0")
    result = _runner.invoke(app, ["serve"])
    assert (result.exit_code, result.stderr.splitlines()[-1][:13]) == (1, "Cannot serve:")


@pytest.mark.parametrize("command", ["serve", "token"])
def test_a_signing_key_that_is_not_where_it_is_said_to_be_is_not_made_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    mistyped = tmp_path / "signing-kye.pem"
    monkeypatch.setenv("FLEET_SIGNING_KEY_FILE", str(mistyped))
    result = _runner.invoke(app, [command])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"FLEET_SIGNING_KEY_FILE: Value error, {mistyped} is not there")
    assert not mistyped.exists()


def test_the_schema_goes_back_and_forth_by_hand(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FLEET_DATABASE_URL", database_url)
    monkeypatch.setenv("FLEET_DATA_DIR", str(tmp_path))
    asked = _runner.invoke(app, ["migrate", "--to", "0004"], input="n\n")
    assert asked.exit_code == 1
    assert "WITH ALL THEY HOLD" in asked.stderr
    assert asyncio.run(revision_of(database_url)) == newest_revision()
    gone = _runner.invoke(app, ["migrate", "--to", "0004", "--yes"])
    assert (gone.exit_code, gone.stdout) == (0, "The schema is at 0004.\n")
    assert asyncio.run(revision_of(database_url)) == "0004"
    onwards = _runner.invoke(app, ["migrate", "--to", "0005", "--yes"])
    assert (onwards.exit_code, "no way back to 0005" in onwards.stderr) == (2, True)
    assert _runner.invoke(app, ["migrate", "--check"]).exit_code == 0
    assert asyncio.run(revision_of(database_url)) == newest_revision()


def test_a_revision_that_there_is_not_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    result = _runner.invoke(app, ["migrate", "--to", "9999"])
    assert result.exit_code == 2
    assert "There is no revision 9999: name one of 0001," in result.stderr
