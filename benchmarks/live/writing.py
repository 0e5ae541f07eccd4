"""Asks the writers' process for its work."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict

import orjson

from benchmarks.cores import Cores
from benchmarks.live.writer import Done, Task


async def written(task: Task, cores: Sequence[int]) -> Done:
    """Returns when it is done."""
    with Cores.only(cores):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.live.writer",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
    answer, _ = await process.communicate(orjson.dumps(asdict(task)))
    if process.returncode:
        raise RuntimeError("the writers failed")
    return Done(**orjson.loads(answer))
