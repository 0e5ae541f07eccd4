"""What scanners look for when nobody signed in: graphql-cop's questions, on an API that is no demo."""

from typing import Any

import pytest

from tests.support.api import Api

_CIRCLE = "type { fields { " * 4 + "type { name }" + " } }" * 4

_REFUSED: dict[str, tuple[str, str]] = {
    "alias overloading": ("query cop { " + " ".join(f"alias{n}: __typename" for n in range(101)) + " }", "aliases"),
    "directive overloading": ("query cop { __typename " + "@aa" * 10 + " }", "@aa"),
    "field duplication": ("query cop { " + "__typename " * 500 + "}", "times"),
    "introspection": ("query cop { __schema { types { name fields { name } } } }", "strangers"),
    "circular introspection": (f"query cop {{ __schema {{ types {{ fields {{ {_CIRCLE} }} }} }} }}", ""),
    "field suggestions": ("query cop { __schema { directive } }", "directive"),
    "an unhandled error": ("qwerty cop { abc }", "Syntax Error"),
}


@pytest.mark.parametrize("what", _REFUSED)
async def test_nothing_is_given_away(api: Api, what: str) -> None:
    document, word = _REFUSED[what]
    answer = await api.execute(document)
    assert answer.data is None
    assert word in answer.errors[0]["message"]
    # Ten errors for ten directives would tell that each was looked at.
    assert len(answer.errors) < 10
    assert "Did you mean" not in answer.response.text
    assert all({"exception", "tracing"}.isdisjoint(error["extensions"]) for error in answer.errors)


async def test_neither_batches_nor_forms_nor_changes_by_get(api: Api) -> None:
    cop: dict[str, Any] = {"query": "query cop { __typename }"}
    batch = await api.client.post("/graphql", json=[cop] * 10)
    form = await api.client.post("/graphql", data=cop)
    change = await api.client.get("/graphql", params={"query": "mutation cop { __typename }"})
    assert [answer.status_code for answer in (batch, form, change)] == [400, 415, 405]
    assert all("data" not in answer.json() for answer in (batch, form, change))


async def test_no_console_is_shown(api: Api) -> None:
    for path in ("/graphql", "/graphiql", "/"):
        answer = await api.client.get(path, headers={"accept": "text/html"})
        assert answer.status_code in {404, 406}
        assert "graphiql" not in answer.text.lower().replace("/graphiql", "")
