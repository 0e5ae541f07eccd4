"""GraphQL over HTTP: what comes in, what goes out, and what is refused."""

import asyncio
import json
import re
from typing import Any

import httpx
import pytest

from fleet_api.shared.domain.permission import Role
from tests.support.api import Api, global_id
from tests.support.world import World

_RESPONSE = "application/graphql-response+json"


async def _post(api: Api, content: bytes, **headers: str) -> httpx.Response:
    sent = {"content-type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return await api.client.post("/graphql", content=content, headers=sent)


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("query($id: ID!) { driver(id: $id) { id } }", {"id": {"a": 1}}),
        ("query($n: Int) { drivers(first: $n) { totalCount } }", {"n": 2**31}),
        ("query($n: Int) { drivers(first: $n) { totalCount } }", {"n": "many"}),
        ("query($f: DriverFilterInput) { drivers(filter: $f) { totalCount } }", {"f": {"statuses": ["ASLEEP"]}}),
        ("{ drivers(first: 99999999999) { totalCount } }", None),
        ("{ drivers(filter: {statuses: [ASLEEP]}) { totalCount } }", None),
    ],
)
async def test_values_that_do_not_fit_their_type_have_a_code(
    api: Api, world: World, document: str, variables: dict[str, Any] | None
) -> None:
    north = await world.provider()
    answer = await api.as_role(Role.DISPATCHER, north.id).execute(document, variables)
    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert answer.data is None


async def test_variables_that_do_not_fit_are_a_request_error(api: Api) -> None:
    body = b'{"query": "query($id: ID!) { driver(id: $id) { id } }", "variables": {}}'
    answer = await _post(api, body, accept=_RESPONSE)
    assert answer.status_code == 400
    assert "data" not in answer.json()


async def test_a_syntax_error_has_a_code(api: Api) -> None:
    assert (await api.execute("{ drivers ")).codes == ["GRAPHQL_PARSE_FAILED"]


async def test_nodes_come_in_the_order_asked_for(api: Api, world: World) -> None:
    north = await world.provider()
    drivers = [await world.driver(north) for _ in range(3)]
    ids = [global_id("Driver", driver.id) for driver in reversed(drivers)]
    ids += [global_id("FleetProvider", north.id), global_id("Driver", north.id)]
    data = await api.as_role(Role.DISPATCHER, north.id).data(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}
    )
    assert data["nodes"] == [{"id": id} for id in ids[:-1]] + [None]


@pytest.mark.parametrize("id", ["", "x", "Driver:1", "RHJpdmVyOjE=", "Tm90aGluZzox", "\x00", "é" * 300, "\ud800"])
async def test_a_malformed_id_is_refused(api: Api, world: World, id: str) -> None:
    north = await world.provider()
    asked = api.as_role(Role.DISPATCHER, north.id)
    for document in ("query($id: ID!) { driver(id: $id) { id } }", "query($id: ID!) { node(id: $id) { id } }"):
        answer = await asked.client.post(
            "/graphql",
            content=json.dumps({"query": document, "variables": {"id": id}}),
            headers={"content-type": "application/json"},
        )
        assert answer.json()["errors"][0]["extensions"]["code"] in {"INVALID_ID", "BAD_REQUEST"}


async def test_several_operations_need_a_name(api: Api) -> None:
    two = "query A { __typename } query B { a: __typename }"
    assert (await api.execute(two)).codes == ["OPERATION_NAME_NEEDED"]
    body = json.dumps({"query": two, "operationName": "B"}).encode()
    assert (await _post(api, body)).json()["data"] == {"a": "Query"}
    body = json.dumps({"query": two, "operationName": "C"}).encode()
    assert (await _post(api, body)).json()["errors"][0]["extensions"]["code"] == "UNKNOWN_OPERATION"


async def test_an_operation_that_nests_too_deep_is_refused(api: Api) -> None:
    deep = "fleetProvider { drivers { edges { node { "
    document = "{ me { " + deep * 5 + "id" + " } } } }" * 5 + " } }"
    assert (await api.execute(document)).codes == ["TOO_DEEP"]
    spread = "{ me { ...A } } fragment A on Driver { " + deep * 5 + "id" + " } } } }" * 5 + " }"
    assert (await api.execute(spread)).codes == ["TOO_DEEP"]


async def test_a_document_of_too_many_words_is_refused(api: Api) -> None:
    assert (await api.execute("{ " + "...{__typename}" * 499 + "}")).codes == []
    assert (await api.execute("{ " + "...{__typename}" * 500 + "}")).codes == ["TOO_MANY_TOKENS"]


async def test_fragments_that_spread_each_other_twice_are_looked_at_once(api: Api) -> None:
    fragments = " ".join(f"fragment f{n} on DriverConnection {{ ...f{n + 1} ...f{n + 1} }}" for n in range(40))
    document = f"{{ drivers {{ ...f0 }} }} {fragments} fragment f40 on DriverConnection {{ __typename }}"
    async with asyncio.timeout(20):
        assert (await api.execute(document)).codes == ["UNAUTHENTICATED"]


async def test_a_number_of_thousands_of_digits_is_the_clients_fault(api: Api) -> None:
    answer = await api.execute(f"{{ drivers(first: {'9' * 5000}) {{ totalCount }} }}")
    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]


async def test_an_error_does_not_repeat_all_that_was_sent(api: Api) -> None:
    variables = {"f": {"licenceExpiresBefore": "x" * 100_000}}
    answer = await api.execute("query($f: DriverFilterInput) { drivers(filter: $f) { totalCount } }", variables)
    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert len(answer.response.content) < 2_000


async def test_a_token_that_does_not_hold_is_unauthorized(api: Api) -> None:
    answer = await api.with_token("not.a.token").execute("{ __typename }")
    assert answer.response.status_code == 401
    assert answer.response.headers["www-authenticate"].startswith("Bearer")
    assert answer.codes == ["INVALID_TOKEN"]


async def test_every_answer_bears_a_request_id(api: Api) -> None:
    made = (await api.execute("{ __typename }")).response.headers["x-request-id"]
    kept = (await api.execute("{ __typename }", x_request_id="my-request-1")).response.headers["x-request-id"]
    forged = (await api.execute("{ __typename }", x_request_id='x"} {"')).response.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{12}-[0-9a-f]{8}", made)
    assert kept == "my-request-1"
    assert re.fullmatch("[0-9a-f]{12}-[0-9a-f]{8}", forged)
    assert forged != made


async def test_elsewhere_nothing_is_found(api: Api) -> None:
    missing, wrong = await api.client.get("/nothing"), await api.client.post("/healthz")
    assert (missing.status_code, wrong.status_code, "GET" in wrong.headers["allow"]) == (404, 405, True)
    assert [answer.json()["errors"][0]["extensions"]["code"] for answer in (missing, wrong)] == [
        "NOT_FOUND",
        "METHOD_NOT_ALLOWED",
    ]
    assert {answer.headers["cache-control"] for answer in (missing, wrong)} == {"no-store"}


async def test_health_says_what_stands(api: Api) -> None:
    assert (await api.client.get("/healthz")).json() == {"status": "ok"}
    ready = await api.client.get("/readyz")
    assert (ready.status_code, ready.json()["database"]) == (200, "ok")
