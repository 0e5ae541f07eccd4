"""The header Idempotency-Key, the default of input.idempotencyKey."""

from typing import Any

import pytest

from fleet_api.shared.domain.permission import Role
from tests.graphql.test_idempotency import _INVITE, _drivers, invitation
from tests.support.api import Answer, Api
from tests.support.world import World

_TWO = """mutation($input: InviteDriverInput!) {
    a: inviteDriver(input: $input) { __typename } ...B }
    fragment B on Mutation { ... on Mutation { inviteDriver(input: $input) { __typename } } }"""


@pytest.fixture
async def dispatcher(api: Api, world: World) -> Api:
    return api.as_role(Role.DISPATCHER, (await world.provider()).id)


async def _invite(asked: Api, key: str, document: str = _INVITE, **fields: Any) -> Answer:
    return await asked.execute(document, invitation(**fields), idempotency_key=key)


@pytest.mark.parametrize("key", ["k1", '"k1"'])
async def test_a_request_with_the_same_header_is_done_once(dispatcher: Api, world: World, key: str) -> None:
    first = await _invite(dispatcher, key)
    again = await _invite(dispatcher, "k1")
    assert first.data["inviteDriver"]["__typename"] == "Driver"
    assert again.data == first.data
    assert await _drivers(world) == 1


async def test_it_is_the_same_key_as_in_the_input(dispatcher: Api, world: World) -> None:
    first = await _invite(dispatcher, "k1", idempotencyKey="k1")
    assert (await dispatcher.data(_INVITE, invitation(idempotencyKey="k1"))) == first.data
    other = await _invite(dispatcher, "k1", fullName="Ola Nordmann")
    assert other.data["inviteDriver"]["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert await _drivers(world) == 1


async def test_two_different_keys_are_refused(dispatcher: Api, world: World) -> None:
    refused = (await _invite(dispatcher, "k1", idempotencyKey="k2")).data["inviteDriver"]
    assert (refused["__typename"], refused["code"]) == ("InvalidInput", "IDEMPOTENCY_KEYS_DIFFER")
    assert refused["field"] == "input.idempotencyKey"
    assert await _drivers(world) == 0


async def test_it_stands_for_sign_in_too(api: Api, world: World) -> None:
    login = 'mutation { login(input: {phone: "+4791234567", password: "x"}) { ... on Error { code } } }'
    first = await api.execute(login, idempotency_key="k1")
    differs = login.replace('"x"', '"x", idempotencyKey: "k2"')
    assert first.data["login"]["code"] != "IDEMPOTENCY_KEYS_DIFFER"
    assert (await api.execute(differs, idempotency_key="k1")).data["login"]["code"] == "IDEMPOTENCY_KEYS_DIFFER"


@pytest.mark.parametrize("key", ["", "a b", "x" * 129, '"', '"a', '""', "\xe4", '"' + "x" * 129 + '"'])
async def test_a_key_must_be_plain(dispatcher: Api, world: World, key: str) -> None:
    headers = {"idempotency-key": key.encode("latin-1"), "authorization": f"Bearer {dispatcher.token}".encode()}
    body = {"query": _INVITE, "variables": invitation()}
    answer = Answer(await dispatcher.client.post("/graphql", json=body, headers=headers))
    assert (answer.response.status_code, answer.codes) == (400, ["INVALID_IDEMPOTENCY_KEY"])
    assert await _drivers(world) == 0


async def test_the_longest_key_is_taken(dispatcher: Api) -> None:
    assert (await _invite(dispatcher, "x" * 128)).data["inviteDriver"]["__typename"] == "Driver"


async def test_one_key_for_several_mutations_is_refused_before_any_runs(dispatcher: Api, world: World) -> None:
    refused = await _invite(dispatcher, "k1", _TWO)
    assert (refused.response.status_code, refused.codes) == (400, ["IDEMPOTENCY_KEY_FOR_SEVERAL"])
    assert await _drivers(world) == 0
    assert (await dispatcher.execute(_TWO, invitation())).codes == []


async def test_what_asks_beside_one_mutation_is_no_matter(dispatcher: Api) -> None:
    document = "query A { __typename } " + _INVITE.replace("mutation(", "mutation B(").replace(
        "{ invite", "{ __typename invite"
    )
    body = {"query": document, "operationName": "B", "variables": invitation()}
    headers = {"idempotency-key": "k1", "authorization": f"Bearer {dispatcher.token}"}
    assert Answer(await dispatcher.client.post("/graphql", json=body, headers=headers)).codes == []
    body = {"query": "{ a: __typename b: __typename }"}
    assert Answer(await dispatcher.client.post("/graphql", json=body, headers=headers)).codes == []


async def test_an_invalid_document_is_told_as_such(dispatcher: Api) -> None:
    assert (await dispatcher.execute("mutation { nothing }", idempotency_key="k1")).codes == [
        "GRAPHQL_VALIDATION_FAILED"
    ]
