"""GraphQL over HTTP, as the package `graphql-http` audits servers."""

import asyncio
import json
from pathlib import Path

from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.support.transport import Edge, token_of

_AUDITS = str(Path(__file__).parent / "audits.js")


async def test_every_audit_is_ok(edge: Edge, node: str, services: Services) -> None:
    token = token_of(services, role=Role.PLATFORM_OPS)  # some audits look at the schema
    auditing = await asyncio.create_subprocess_exec(node, _AUDITS, edge.url, token, stdout=asyncio.subprocess.PIPE)
    told, _ = await asyncio.wait_for(auditing.communicate(), 60)
    audits = [json.loads(line) for line in told.splitlines()]
    assert len(audits) > 50
    assert [audit for audit in audits if audit["status"] != "ok"] == []
