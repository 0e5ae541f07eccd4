"""`fleet-api operations`, as a build runs it."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fleet_api.cli import app

_WHO = "query Who { me { __typename } }\n"
_DRIVERS = "query Drivers($n: Int!) { drivers(first: $n) { totalCount } }"

Run = Callable[..., Result]


def _sha(document: str) -> str:
    return f"sha256:{hashlib.sha256(document.encode()).hexdigest()}"


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FLEET_OPERATIONS", str(tmp_path / "operations.json"))
    return tmp_path / "operations.json"


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(app, ["operations", *map(str, arguments)])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "src" / "deep"
    folder.mkdir(parents=True)
    (folder / "who.graphql").write_text(_WHO)
    (folder / "drivers.gql").write_text(_DRIVERS)
    (folder / "notes.txt").write_text("no document")
    return tmp_path / "src"


def _registered(manifest: Path) -> dict[str, str]:
    read: dict[str, str] = json.loads(manifest.read_text())
    return read


def test_files_and_folders_are_registered_by_their_hash(run: Run, manifest: Path, files: Path) -> None:
    assert run("add", files / "deep" / "who.graphql").exit_code == 0
    assert _registered(manifest) == {_sha(_WHO): _WHO}
    added = run("add", files)
    assert (added.exit_code, added.stdout) == (0, "1 new, 2 in all.\n")
    assert _registered(manifest) == {_sha(_WHO): _WHO, _sha(_DRIVERS): _DRIVERS}
    assert run("add", files).stdout.startswith("0 new")


def test_what_relay_compiler_writes_keeps_its_names(run: Run, manifest: Path, tmp_path: Path) -> None:
    md5 = hashlib.md5(_WHO.encode()).hexdigest()
    relay = tmp_path / "relay.json"
    relay.write_text(json.dumps({md5: _WHO, _sha(_DRIVERS).removeprefix("sha256:"): _DRIVERS}))
    assert run("add", relay).exit_code == 0
    assert _registered(manifest) == {md5: _WHO, _sha(_WHO): _WHO, _sha(_DRIVERS): _DRIVERS}
    relay.write_text(json.dumps({md5: _DRIVERS}))
    refused = run("add", relay)
    assert (refused.exit_code, md5 in refused.stderr) == (1, True)


def test_a_document_that_does_not_fit_registers_none(run: Run, manifest: Path, files: Path) -> None:
    (files / "bad.graphql").write_text("{ nothing }")
    refused = run("add", files)
    assert (refused.exit_code, manifest.exists()) == (1, False)
    assert _sha("{ nothing }") in refused.stderr
    assert "Cannot query field 'nothing'" in refused.stderr


def test_they_are_listed_with_their_operations(run: Run, manifest: Path, files: Path) -> None:
    run("add", files)
    assert set(run("list").stdout.splitlines()) == {f"{_sha(_WHO)}  query Who", f"{_sha(_DRIVERS)}  query Drivers"}


def test_those_that_fit_no_longer_are_told(run: Run, manifest: Path, files: Path) -> None:
    run("add", files)
    assert run("check").exit_code == 0
    old = "query Old { cars { id } }"
    manifest.write_text(json.dumps(_registered(manifest) | {_sha(old): old}))
    told = run("check")
    assert (told.exit_code, len(told.stderr.splitlines())) == (1, 1)
    assert told.stderr.startswith(_sha(old))
    assert "does not fit" in run("list").stdout


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"x": 1}', '{"sha256:%s": "{ __typename }"}' % ("0" * 64), '{"a b": "{ __typename }"}', "{"],
)
def test_a_manifest_of_no_use_ends_the_start_with_a_word(
    run: Run, manifest: Path, content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLEET_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FLEET_PORT", "0")
    manifest.write_text(content)
    started = CliRunner().invoke(app, ["serve"])
    assert (started.exit_code, started.stderr.startswith(f"Cannot serve: {manifest}")) == (1, True)
    assert not (tmp_path / "data").exists()
    assert run("list").exit_code == 1


def test_a_manifest_that_is_not_there_or_not_utf8_is_told(run: Run, manifest: Path) -> None:
    assert run("check").stderr == f"{manifest} cannot be read: No such file or directory.\n"
    manifest.write_bytes(b'{"\xff": ""}')
    assert run("check").stderr == f"{manifest} cannot be read: it is not UTF-8.\n"


def test_without_a_place_for_them_nothing_is_registered(run: Run, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLEET_OPERATIONS", raising=False)
    assert run("add", files).exit_code == 2


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"FLEET_OPERATIONS_ONLY": "true"}, "FLEET_OPERATIONS_ONLY"),
        (
            {"FLEET_OPERATIONS": "x", "FLEET_OPERATIONS_ONLY": "true", "FLEET_OPERATIONS_AUTOMATIC": "true"},
            "FLEET_OPERATIONS_AUTOMATIC",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    refused = CliRunner().invoke(app, ["serve"])
    assert (refused.exit_code, refused.stderr.startswith(f"{named}: ")) == (2, True)
