"""urql, which names its queries and hears by two very messages what to do where we do not know them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.transport import edge_of

_PERSISTED = str(Path(__file__).parent / "persisted.js")
_TOLD = ["told", {"__typename": "Query"}]


@pytest.mark.parametrize(
    ("automatic", "asked"),
    [
        (True, [["GET", False, 404], ["GET", True, 200], _TOLD, ["GET", False, 200], _TOLD]),
        (False, [["GET", False, 404], ["GET", True, 200], _TOLD, ["GET", True, 200], _TOLD]),
    ],
)
async def test_a_query_is_named_and_sent_along_where_it_is_not_known(
    settings: Settings, services: Services, node: str, automatic: bool, asked: list[Any]
) -> None:
    async with edge_of(settings.model_copy(update={"operations_automatic": automatic}), services) as edge:
        asking = await asyncio.create_subprocess_exec(node, _PERSISTED, edge.url, stdout=asyncio.subprocess.PIPE)
        told, _ = await asyncio.wait_for(asking.communicate(), 30)
    lines = [json.loads(line) for line in told.splitlines()]
    assert [line[1:] if line[0] == "asked" else line for line in lines] == asked
