"""fleet-api ingest, as a shell runs it, and the files that it is given."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner, Result

from fleet_api.cli import app
from fleet_api.settings import Settings

Ingest = Callable[..., Awaitable[Result]]


@pytest.fixture
def ingest(database_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Ingest:
    monkeypatch.setenv("FLEET_DATABASE_URL", database_url)
    monkeypatch.setenv("FLEET_DATA_DIR", str(settings.data_dir))

    async def run(*arguments: object, input: bytes | None = None) -> Result:
        # The command has an event loop of its own, and so must run beside that of the tests.
        result = await asyncio.to_thread(CliRunner().invoke, app, ["ingest", *map(str, arguments)], input=input)
        assert not result.exception or isinstance(result.exception, SystemExit)
        return result

    return run


def ndjson(path: Path, *lines: Any) -> Path:
    path.write_bytes(b"".join((line if isinstance(line, bytes) else orjson.dumps(line)) + b"\n" for line in lines))
    return path
