"""graphql-ws' part: whether it can be had, how it is started, and of what versions it is."""

from pathlib import Path

import orjson

from benchmarks import node
from benchmarks.node import find_npm, version_of

HERE = Path(__file__).parent / "servers" / "graphql_ws"


def install() -> str | None:
    """None, or why it cannot take part."""
    return node.install(HERE)


def command() -> list[str]:
    return node.command(HERE)


def versions() -> dict[str, str]:
    npm = find_npm()
    wanted = orjson.loads((HERE / "package.json").read_bytes())["dependencies"]
    return {**wanted, "Node": version_of(npm)} if npm else {}
