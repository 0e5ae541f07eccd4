"""What frontends hold a schema to: graphql-eslint, and the compiler of Relay over a page of theirs."""

import json
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from fleet_api.graphql.graphiql.build import Npm

HERE = Path(__file__).parent
PAGES = HERE / "relay"
_PACKAGES = HERE / "node_modules"

Done = subprocess.CompletedProcess[str]


def lint(npm: Npm, sdl: str) -> Done:
    """ESLint looks at nothing outside of the folder that it runs in."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "schema.graphql").write_text(sdl)
        eslint, config = _PACKAGES / "eslint/bin/eslint.js", HERE / "eslint.config.js"
        return _run(npm, Path(folder), eslint, "--config", str(config), "--max-warnings=0", "schema.graphql")


def compile_pages(npm: Npm, sdl: str, **more: str) -> Done:
    """more: further sources by the name of their module."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schema.graphql").write_text(sdl)
        shutil.copytree(PAGES, folder / "src")
        for module, source in more.items():
            (folder / "src" / f"{module}.js").write_text(source)
        config = {"src": "src", "schema": "schema.graphql", "language": "javascript"}
        (folder / "relay.config.json").write_text(json.dumps(config))
        return _run(npm, folder, _PACKAGES / "relay-compiler/cli.js", "--noWatchman", "relay.config.json")


def _run(npm: Npm, folder: Path, script: Path, *arguments: str) -> Done:
    return subprocess.run(
        [str(npm.node), str(script), *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
