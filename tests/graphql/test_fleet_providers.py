"""Providers through the API: registering, the subtree, states, and the refusals."""

from typing import Any

import pytest

from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.shared.domain.permission import Role
from tests.support.api import Api, global_id, local_id
from tests.support.world import World

_ANSWER = "__typename ... on FleetProvider { id legalName status version } ... on Error { code field }"
_REGISTER = (
    f"mutation($input: RegisterFleetProviderInput!) {{ r: registerFleetProvider(input: $input) {{ {_ANSWER} }} }}"
)


def _registration(**fields: Any) -> dict[str, Any]:
    known = {
        "legalName": "Nordlys AS",
        "taxId": "NO1",
        "countryCode": "NO",
        "currency": "NOK",
        "timezone": "Europe/Oslo",
    }
    return {"input": known | fields}


async def _change(api: Api, mutation: str, id: object, **more: Any) -> Any:
    document = f"mutation($i: {mutation[0].upper()}{mutation[1:]}Input!) {{ r: {mutation}(input: $i) {{ {_ANSWER} }} }}"
    return (await api.data(document, {"i": {"fleetProviderId": global_id("FleetProvider", id)} | more}))["r"]


async def test_a_provider_lives_from_pending_to_closed(api: Api) -> None:
    ops = api.as_role(Role.PLATFORM_OPS)
    registered = (await ops.data(_REGISTER, _registration()))["r"]
    assert (registered["status"], registered["version"]) == ("PENDING", 1)
    id = local_id(registered["id"])
    assert (await _change(ops, "closeFleetProvider", id))["code"] == "ILLEGAL_TRANSITION"
    assert (await _change(ops, "reactivateFleetProvider", id))["status"] == "ACTIVE"
    assert (await _change(ops, "closeFleetProvider", id))["code"] == "ILLEGAL_TRANSITION"
    assert (await _change(ops, "suspendFleetProvider", id, expectedVersion=1))["code"] == "STALE_VERSION"
    assert (await _change(ops, "suspendFleetProvider", id, expectedVersion=2))["status"] == "SUSPENDED"
    closed = await _change(ops, "closeFleetProvider", id)
    assert (closed["status"], closed["version"]) == ("CLOSED", 4)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("legalName", "", "INVALID_INPUT"),
        ("legalName", "   ", "INVALID_INPUT"),
        ("legalName", "x" * 201, "INVALID_INPUT"),
        ("legalName", "x" * 1_900_000, "INVALID_INPUT"),
        ("legalName", "a\x00b", "INVALID_TEXT"),
        ("taxId", "x" * 33, "INVALID_INPUT"),
        ("countryCode", "XX", "INVALID_COUNTRY"),
        ("countryCode", "no", "INVALID_COUNTRY"),
        ("currency", "NKK", "INVALID_CURRENCY"),
        ("currency", "", "INVALID_CURRENCY"),
        ("timezone", "Oslo", "INVALID_TIMEZONE"),
        ("timezone", "../../etc/passwd", "INVALID_TIMEZONE"),
        ("timezone", "localtime", "INVALID_TIMEZONE"),
        ("legalName", "\u202egro.live", "INVALID_TEXT"),
        ("legalName", "\ufeff", "INVALID_TEXT"),
        ("parentId", "garbage", "INVALID_ID"),
        ("parentId", global_id("Driver", "01977a9e-0000-7000-8000-000000000000"), "INVALID_ID"),
        ("parentId", global_id("FleetProvider", "01977a9e-0000-7000-8000-000000000000"), "NOT_FOUND"),
    ],
)
async def test_bad_input_has_a_typed_error_and_writes_nothing(api: Api, field: str, value: str, code: str) -> None:
    ops = api.as_role(Role.PLATFORM_OPS)
    answer = (await ops.data(_REGISTER, _registration(**{field: value})))["r"]
    assert (answer["code"], answer["field"]) == (code, f"input.{field}")
    assert (await ops.data("{ fleetProviders { totalCount } }"))["fleetProviders"]["totalCount"] == 0


async def test_a_tax_id_is_unique_in_its_country(api: Api) -> None:
    ops = api.as_role(Role.PLATFORM_OPS)
    await ops.data(_REGISTER, _registration())
    assert (await ops.data(_REGISTER, _registration()))["r"]["code"] == "TAX_ID_TAKEN"
    assert (await ops.data(_REGISTER, _registration(countryCode="SE")))["r"]["__typename"] == "FleetProvider"


async def test_an_administrator_sees_the_subtree_and_others_only_their_own(api: Api, world: World) -> None:
    group = await world.provider()
    child = await world.provider(parent=group)
    grandchild = await world.provider(parent=child)
    stranger = await world.provider()
    for provider in (group, child, grandchild, stranger):
        await world.driver(provider)
    document = "{ fleetProviders { totalCount } drivers { totalCount } }"

    async def seen(role: Role, provider_id: Any) -> list[int]:
        data = await api.as_role(role, provider_id).data(document)
        return [data["fleetProviders"]["totalCount"], data["drivers"]["totalCount"]]

    assert await seen(Role.PROVIDER_ADMIN, group.id) == [3, 3]
    assert await seen(Role.PROVIDER_ADMIN, child.id) == [2, 2]
    assert await seen(Role.DISPATCHER, group.id) == [1, 1]
    assert await seen(Role.PLATFORM_OPS, None) == [4, 4]


async def test_a_tree_is_walked_both_ways(api: Api, world: World) -> None:
    group = await world.provider()
    child = await world.provider(parent=group)
    document = """query($id: ID!) { fleetProvider(id: $id) {
        children { totalCount edges { node { legalName parent { legalName parent { id } } } } }
        totals { drivers } } }"""
    asked = api.as_role(Role.PROVIDER_ADMIN, group.id)
    data = await asked.data(document, {"id": global_id("FleetProvider", group.id)})
    node = {"legalName": child.legal_name, "parent": {"legalName": group.legal_name, "parent": None}}
    assert data["fleetProvider"]["children"] == {"totalCount": 1, "edges": [{"node": node}]}
    # A child's dispatcher sees no parent, as if there were none.
    below = await api.as_role(Role.DISPATCHER, child.id).data("{ fleetProviders { edges { node { parent { id } } } } }")
    assert below["fleetProviders"]["edges"] == [{"node": {"parent": None}}]


async def test_lists_are_filtered_and_ordered(api: Api, world: World) -> None:
    for name, status in (("Beta", "ACTIVE"), ("alpha", "SUSPENDED"), ("Gamma", "ACTIVE")):
        await world.provider(legal_name=name, status=FleetProviderStatus(status))
    document = """query($f: FleetProviderFilterInput, $o: FleetProviderOrderInput) {
        fleetProviders(filter: $f, orderBy: $o) { edges { node { legalName } } } }"""

    async def names(**variables: Any) -> list[str]:
        data = await api.as_role(Role.PLATFORM_OPS).data(document, variables)
        return [edge["node"]["legalName"] for edge in data["fleetProviders"]["edges"]]

    assert await names() == ["Beta", "alpha", "Gamma"]
    assert await names(o={"field": "LEGAL_NAME"}) == ["Beta", "Gamma", "alpha"]
    assert await names(f={"statuses": ["ACTIVE"]}, o={"field": "LEGAL_NAME", "direction": "DESC"}) == ["Gamma", "Beta"]
    assert await names(f={"search": "ALP"}) == ["alpha"]
