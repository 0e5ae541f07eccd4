"""Every relation of the schema costs one statement, however many parents follow it."""

from datetime import timedelta

import pytest

from fleet_api.demo.plan import last_midnight
from fleet_api.shared.domain.permission import Role
from tests.support.api import Api
from tests.support.demo import ids_of
from tests.support.schema_walk import NODES, ask, leads_to_a_node_or_a_page, relations

_TIMES = {"yesterday": (last_midnight() - timedelta(days=1)).isoformat(), "today": last_midnight().isoformat()}


@pytest.mark.parametrize(("type_name", "field_name"), list(relations()))
async def test_a_relation_costs_one_statement(
    demo_api: Api, statements: list[str], type_name: str, field_name: str
) -> None:
    asked = demo_api.as_role(Role.PLATFORM_OPS)
    ids = await ids_of(asked, type_name)
    assert len(ids) > 1, f"the demo has too few of {type_name}"
    selected = ask(field_name, NODES[type_name].fields[field_name])
    for name, time in _TIMES.items():
        selected = selected.replace(f"{{{name}}}", time)
    document = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {type_name} {{ {selected} }} }} }}"
    counts = []
    for some in (ids[:1], ids):
        statements.clear()
        await asked.data(document, {"ids": some})
        counts.append(len(statements))
    assert counts[0] == counts[1], f"{type_name}.{field_name} costs more for more parents: {document}"
    if leads_to_a_node_or_a_page(type_name, field_name):
        assert counts[1] <= 2, statements  # the parents, and what they lead to, if to anything
