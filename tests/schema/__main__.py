"""`python -m tests.schema`: whether graphql-eslint and Relay's compiler accept schema.graphql. Part of `make check`."""

import sys
from pathlib import Path

import typer

from tests.schema.tools import HERE, compile_pages, lint
from tests.support.npm import installed


def main() -> int:
    npm = installed(HERE)
    if isinstance(npm, str):
        typer.echo(f"graphql-eslint and Relay's compiler are left out: {npm}")
        return 0
    sdl = Path("schema.graphql").read_text()
    tools = {"graphql-eslint": lint(npm, sdl), "Relay's compiler": compile_pages(npm, sdl)}
    for name, done in tools.items():
        typer.echo(f"{name} accepts schema.graphql." if done.returncode == 0 else f"{name} refuses it:\n{done.stdout}")
    return int(any(done.returncode for done in tools.values()))


if __name__ == "__main__":
    sys.exit(main())
