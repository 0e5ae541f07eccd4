"""Another tenant's id answers exactly as an id that nobody has: every field and mutation that takes one is tried."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputField, get_named_type, is_list_type, is_required_input_field
from graphql.type import get_nullable_type

from fleet_api.demo.demo_ids import provider_id
from fleet_api.shared.domain.permission import Role
from tests.support.api import Api, global_id, local_id
from tests.support.demo import ids_of
from tests.support.schema_walk import CORE, NODES, id_fields

_NOBODY = "01977a9e-0000-7000-8000-00000000dead"
# The catalogue is everybody's.
_TENANT_TYPES = sorted(set(NODES) - {"VehicleModel"})

# A value that is right for each input field that a mutation needs; ids are filled in by their type.
_SAMPLES: dict[str, Any] = {
    "fullName": "Kari Nordmann",
    "phone": "+4791234567",
    "email": "kari@example.com",
    "licenceNumber": "1234",
    "licenceCountry": "NO",
    "licenceClasses": ["B"],
    "licenceExpiresOn": "2040-01-01",
    "legalName": "Nordlys AS",
    "taxId": "NO1",
    "countryCode": "NO",
    "currency": "NOK",
    "timezone": "Europe/Oslo",
    "vin": "WVWZZZ1KZAW000001",
    "plate": "EL 99999",
    "plateCountry": "NO",
    "name": "Depot",
    "shape": {"circle": {"center": {"latitude": 59.9, "longitude": 10.7}, "radiusM": 500}},
    "password": "a long enough password",
    "refreshToken": "frt_unknown",
}
# What a root field needs beside the id that is tried.
_NEEDED = {"vehiclesWithin": "box: {south: 59, west: 10, north: 60, east: 11}, "}


def _mutations() -> Iterator[tuple[str, str]]:
    assert CORE.mutation_type is not None
    for name, field in CORE.mutation_type.fields.items():
        fields = get_named_type(field.args["input"].type).fields  # type: ignore[union-attr]
        for id_field in id_fields(field.args["input"].type):
            if _type_of(fields[id_field]) in _TENANT_TYPES:
                yield name, id_field


def _roots() -> Iterator[tuple[str, str]]:
    assert CORE.query_type is not None
    for name, field in CORE.query_type.fields.items():
        if get_named_type(field.type).name.removesuffix("Connection") in set(NODES) - set(_TENANT_TYPES):
            continue
        for argument_name, argument in field.args.items():
            if get_named_type(argument.type).name == "ID":
                yield name, argument_name
            yield from ((name, f"{argument_name}.{inner}") for inner in id_fields(argument.type))


def _type_of(field: GraphQLInputField) -> str:
    found = re.search(r"[Gg]lobal ids? of (?:the |an? )?(\w+?)s?\b", field.description or "")
    assert found, f"its description does not say whose id it is: {field.description}"
    return found[1]


async def _ids(api: Api, mine: bool) -> dict[str, str]:
    viewer = api.as_role(Role.AUDITOR, provider_id("north" if mine else "harbor"))
    return {name: (await ids_of(viewer, name, limit=1))[0] for name in NODES}


def _nobody(type_name: str, foreign: str) -> str:
    """An id of the same form that nobody has."""
    key = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", _NOBODY, local_id(foreign))
    return global_id(type_name, key)


@pytest.mark.parametrize(("mutation", "id_field"), list(_mutations()))
async def test_a_mutation_cannot_tell_a_foreign_id_from_an_unknown_one(
    demo_api: Api, mutation: str, id_field: str
) -> None:
    assert CORE.mutation_type is not None
    mine, theirs = await _ids(demo_api, True), await _ids(demo_api, False)
    input_type = get_named_type(CORE.mutation_type.fields[mutation].args["input"].type)
    fields = input_type.fields  # type: ignore[union-attr]
    body = {
        name: mine[_type_of(field)] if get_named_type(field.type).name == "ID" else _SAMPLES[name]
        for name, field in fields.items()
        if is_required_input_field(field)
    }
    type_name = _type_of(fields[id_field])
    many = is_list_type(get_nullable_type(fields[id_field].type))
    document = (
        f"mutation($input: {input_type.name}!) {{ r: {mutation}(input: $input) {{ __typename "
        "... on Error { code httpStatus message description field } } }"
    )
    asked = demo_api.as_role(Role.PROVIDER_ADMIN, provider_id("north"))
    answers = []
    for id in (theirs[type_name], _nobody(type_name, theirs[type_name])):
        answers.append(
            (await asked.execute(document, {"input": body | {id_field: [id] if many else id}})).response.json()
        )
    assert answers[0] == answers[1]
    assert answers[0]["data"]["r"]["code"] in {"NOT_FOUND", "FORBIDDEN", "INVALID_CREDENTIALS"}, answers[0]


@pytest.mark.parametrize(("root", "argument"), list(_roots()))
async def test_a_query_cannot_tell_a_foreign_id_from_an_unknown_one(demo_api: Api, root: str, argument: str) -> None:
    assert CORE.query_type is not None
    theirs = await _ids(demo_api, False)
    field = CORE.query_type.fields[root]
    name, _, inner = argument.partition(".")
    argument_type = field.args[name].type
    returned = get_named_type(field.type).name
    asked = demo_api.as_role(Role.AUDITOR, provider_id("north"))  # who sees things of every type
    below = "{ edges { node { id } } totalCount }" if returned.endswith("Connection") else "{ id }"
    needed = _NEEDED.get(root, "")
    kinds = [returned] if returned in NODES else [returned.removesuffix("Connection")]
    for type_name in _TENANT_TYPES if root in {"node", "nodes"} else kinds:
        answers = []
        for id in (theirs[type_name], _nobody(type_name, theirs[type_name])):
            value: Any = [id] if is_list_type(get_nullable_type(argument_type)) else id
            document = f"query($v: {argument_type}) {{ r: {root}({needed}{name}: $v) {below} }}"
            answers.append((await asked.execute(document, {"v": {inner: value} if inner else value})).response.json())
        assert answers[0] == answers[1]
        assert answers[0]["data"]["r"] in (None, [None]) or answers[0]["data"]["r"]["edges"] == []


def test_enough_fields_are_tried_to_mean_something() -> None:
    tried = len(list(_mutations())), len(list(_roots()))
    assert min(tried) > 5


async def test_no_role_sees_a_row_of_another_tenant(demo_api: Api) -> None:
    document = """{ fleetProviders(first: 100) { totalCount }
        drivers(first: 100) { edges { node { fleetProvider { legalName } } } }
        vehicles(first: 100) { edges { node { fleetProvider { legalName } } } } }"""
    audit = "{ auditEntries(first: 100) { edges { node { fleetProvider { legalName } } } } }"
    for role in (Role.PROVIDER_ADMIN, Role.DISPATCHER, Role.FINANCE, Role.AUDITOR):
        asked = demo_api.as_role(role, provider_id("north"))
        data = await asked.data(document)
        assert data["fleetProviders"]["totalCount"] == 1
        lists = ["drivers", "vehicles"]
        if role is Role.AUDITOR:
            data |= await asked.data(audit)
            lists.append("auditEntries")
        for name in lists:
            owners = {edge["node"]["fleetProvider"]["legalName"] for edge in data[name]["edges"]}
            assert owners == {"Nordlys Mobility AS"}
