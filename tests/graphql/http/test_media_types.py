"""What an answer is, and its status, by what the client accepts."""

import httpx
import pytest

from fleet_api.graphql.http.headers import Headers
from fleet_api.graphql.http.terms import EVENT_STREAM, JSON, RESPONSE, terms_of
from fleet_api.shared.domain.permission import Role
from tests.support.api import Api
from tests.support.transport import Edge
from tests.support.world import World


def _accepting(accept: str) -> Headers:
    return {b"accept": accept.encode("latin-1")}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("APPLICATION/JSON", JSON),
        ("application/json; charset=utf-8", JSON),
        ('application/json; charset="UTF-8"', JSON),
        ("application/json, text/plain, */*", JSON),
        ("application/graphql-response+json", RESPONSE),
        ("application/json, application/graphql-response+json", RESPONSE),
        ("application/graphql-response+json, application/json;q=0.9", RESPONSE),
        ("application/graphql-response+json;q=0.8, application/json;q=0.9", JSON),
        ("*/*, application/graphql-response+json", RESPONSE),
        ("application/graphql-response+json;q=0.5, */*;q=0.1", RESPONSE),
        ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
        ("application/graphql-response+json, application/json, text/event-stream, multipart/mixed", RESPONSE),
        ("text/event-stream", EVENT_STREAM),
        ("text/event-stream, */*", EVENT_STREAM),
        ("text/event-stream, multipart/mixed", EVENT_STREAM),
        ("application/json, text/event-stream", JSON),
        ("application/json;q=0.5, text/event-stream", EVENT_STREAM),
        ("text/event-stream;q=0.5, */*", JSON),
        ("application/json;q=0, */*", None),
        ("application/json;q=0, */*, application/graphql-response+json;q=0.1", RESPONSE),
        ("*/*;q=0", None),
        ("application/json;q=1.5", None),
        ("application/json;q=nan", None),
        ("application/json; charset=utf-16", None),
        ("text/html", None),
        ("image/png, text/*", None),
        ("xapplication/json", None),
        (",;=,", None),
        ("\xff", None),
    ],
)
def test_the_best_liked_of_ours_is_taken(accept: str, media_type: str | None) -> None:
    assert terms_of(_accepting(accept)).media_type == media_type


async def _ask(edge: Edge, query: str, accept: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.post(edge.url, json={"query": query}, headers={"accept": accept})


@pytest.mark.parametrize("query", ["{", "{ nothing }", "query($id: ID!) { node(id: $id) { id } }"])
async def test_what_never_ran_has_a_status_by_its_media_type(edge: Edge, query: str) -> None:
    strict, legacy = await _ask(edge, query, RESPONSE), await _ask(edge, query, JSON)
    assert (strict.status_code, strict.headers["content-type"]) == (400, f"{RESPONSE}; charset=utf-8")
    assert (legacy.status_code, legacy.headers["content-type"]) == (200, f"{JSON}; charset=utf-8")
    for answer in (strict, legacy):
        assert answer.json()["errors"][0]["extensions"]["code"].startswith("GRAPHQL_")
        assert "data" not in answer.json()


async def test_partial_success_has_a_status_of_its_own(api: Api, world: World) -> None:
    north = await world.provider()
    asked = api.as_role(Role.DISPATCHER, north.id)
    document = '{ __typename driver(id: "x") { id } }'
    strict = await asked.execute(document, accept=RESPONSE)
    legacy = await asked.execute(document, accept=JSON)
    whole = await asked.execute("{ __typename }", accept=RESPONSE)
    assert strict.codes == legacy.codes == ["INVALID_ID"]
    assert strict.data == legacy.data
    assert [each.response.status_code for each in (strict, legacy, whole)] == [294, 200, 200]


async def test_who_takes_nothing_of_ours_is_told_in_json(edge: Edge) -> None:
    refused = await _ask(edge, "{ __typename }", "text/html, image/*")
    assert (refused.status_code, refused.headers["content-type"]) == (406, f"{JSON}; charset=utf-8")
    assert refused.json()["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


async def test_an_answer_says_what_it_depends_on(edge: Edge) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(edge.url, json={"query": "{"}, headers={"accept-language": "en;q=0.5, es"})
    varies = {name.strip() for name in answer.headers["vary"].split(",")}
    assert varies == {"Accept", "Accept-Encoding", "Accept-Language", "Origin"}
    assert answer.headers["content-language"] == "es"
    assert answer.headers["cache-control"] == "no-store"
