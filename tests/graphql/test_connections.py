"""Relay connections: every page, both ways, while rows come and go."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from sqlalchemy import text

from fleet_api.shared.domain.permission import Role
from tests.support.api import Api
from tests.support.world import World

_PAGE = """query($first: Int, $after: String, $last: Int, $before: String, $order: DriverOrderInput) {
    drivers(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
        edges { cursor node { fullName } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
_ORDERS = [None, {"field": "FULL_NAME"}, {"field": "FULL_NAME", "direction": "DESC"}, {"direction": "DESC"}]


def _names(page: Any) -> list[str]:
    return [edge["node"]["fullName"] for edge in page["edges"]]


async def _fleet(api: Api, world: World, names: str = "AABBCDEFGHIJ") -> Api:
    provider = await world.provider()
    for name in names:
        await world.driver(provider, full_name=name)
    return api.as_role(Role.DISPATCHER, provider.id)


@pytest.mark.parametrize("order", _ORDERS)
async def test_forward_and_backward_pages_are_the_same_list(api: Api, world: World, order: Any) -> None:
    asked = await _fleet(api, world)
    whole = _names((await asked.data(_PAGE, {"first": 100, "order": order}))["drivers"])
    forward: list[str] = []
    after = None
    while True:
        page = (await asked.data(_PAGE, {"first": 5, "after": after, "order": order}))["drivers"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        forward += _names(page)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    backward: list[str] = []
    before = None
    while True:
        page = (await asked.data(_PAGE, {"last": 5, "before": before, "order": order}))["drivers"]
        backward = _names(page) + backward
        before = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert whole == forward == backward
    assert len(whole) == 12


async def test_rows_that_come_and_go_shift_nothing(api: Api, world: World) -> None:
    provider = await world.provider()
    for name in "BDFHJ":
        await world.driver(provider, full_name=name)
    asked = api.as_role(Role.DISPATCHER, provider.id)
    order = {"field": "FULL_NAME"}
    first = (await asked.data(_PAGE, {"first": 2, "order": order}))["drivers"]
    await world.driver(provider, full_name="A")
    async with world.engine.begin() as connection:
        await connection.execute(text("DELETE FROM drivers WHERE full_name = 'D'"))
    rest = (await asked.data(_PAGE, {"after": first["pageInfo"]["endCursor"], "order": order}))["drivers"]
    assert _names(first) + _names(rest) == ["B", "D", "F", "H", "J"]


async def test_a_page_that_ends_with_the_list_knows_it(api: Api, world: World) -> None:
    asked = await _fleet(api, world, "ABC")
    page = (await asked.data(_PAGE, {"first": 3}))["drivers"]
    assert page["pageInfo"]["hasNextPage"] is False
    empty = (await asked.data(_PAGE, {"first": 3, "after": page["pageInfo"]["endCursor"]}))["drivers"]
    assert empty == {
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": True, "startCursor": None, "endCursor": None},
    }


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 0}, "INVALID_PAGE"),
        ({"first": -1}, "INVALID_PAGE"),
        ({"first": 101}, "INVALID_PAGE"),
        ({"first": 1_000_000}, "INVALID_PAGE"),
        ({"last": 0}, "INVALID_PAGE"),
        ({"first": 1, "last": 1}, "INVALID_PAGE"),
        ({"first": 1, "before": "x"}, "INVALID_PAGE"),
        ({"after": ""}, "INVALID_CURSOR"),
        ({"after": "not a cursor"}, "INVALID_CURSOR"),
        ({"after": "\x00"}, "INVALID_CURSOR"),
        ({"after": "é" * 10_000}, "INVALID_CURSOR"),
        ({"before": "MTIz"}, "INVALID_CURSOR"),
    ],
)
async def test_bad_page_arguments_are_refused(api: Api, world: World, variables: Any, code: str) -> None:
    asked = await _fleet(api, world, "A")
    answer = await asked.execute(_PAGE, variables)
    assert answer.codes == [code]
    assert answer.data == {"drivers": None}


@pytest.mark.parametrize(
    "content",
    [
        b'["full_name"]',
        b'["full_name","x"]',
        b'["full_name",1,"0197a0b0-0000-7000-8000-000000000000"]',
        b'["full_name",null,"0197a0b0-0000-7000-8000-000000000000"]',
        b'["full_name","x","not a uuid"]',
        b'["full_name","x",7]',
        b'["full_name","\\u0000","0197a0b0-0000-7000-8000-000000000000"]',
        b'["phone","x","0197a0b0-0000-7000-8000-000000000000"]',
        b'{"full_name":"x"}',
        b'"xyz"',
        b"7",
        b"[[[[",
    ],
)
async def test_a_forged_cursor_is_refused(api: Api, world: World, content: bytes) -> None:
    asked = await _fleet(api, world, "A")
    after = urlsafe_b64encode(content).decode()
    answer = await asked.execute(_PAGE, {"after": after, "order": {"field": "FULL_NAME"}})
    assert answer.codes == ["INVALID_CURSOR"]


async def test_a_cursor_of_another_order_is_refused(api: Api, world: World) -> None:
    asked = await _fleet(api, world, "AB")
    by_name = (await asked.data(_PAGE, {"first": 1, "order": {"field": "FULL_NAME"}}))["drivers"]
    answer = await asked.execute(_PAGE, {"after": by_name["pageInfo"]["endCursor"]})
    assert answer.codes == ["INVALID_CURSOR"]


async def test_the_total_is_counted_only_when_asked_for(api: Api, world: World, statements: list[str]) -> None:
    asked = await _fleet(api, world, "ABC")
    statements.clear()
    await asked.data("{ drivers(first: 1) { edges { cursor } } }")
    assert len(statements) == 1
    statements.clear()
    data = await asked.data("{ drivers(first: 1) { ...F } } fragment F on DriverConnection { totalCount }")
    assert data == {"drivers": {"totalCount": 3}}
    assert len(statements) == 2


async def test_filters_narrow_the_list_and_the_total(api: Api, world: World) -> None:
    asked = await _fleet(api, world, ["Ann 100%", "Bo", "ann_x"])  # type: ignore[arg-type]
    document = "query($f: DriverFilterInput) { drivers(filter: $f) { totalCount edges { node { fullName } } } }"

    async def found(**filter: Any) -> list[str]:
        page = (await asked.data(document, {"f": filter}))["drivers"]
        assert page["totalCount"] == len(page["edges"])
        return _names(page)

    assert await found(search="ANN") == ["Ann 100%", "ann_x"]
    assert await found(search="%") == ["Ann 100%"]
    assert await found(search="_") == ["ann_x"]
    assert await found(statuses=["SUSPENDED"]) == []
    assert await found(statuses=[]) == []
    assert await found(licenceExpiresBefore="2040-01-02") == ["Ann 100%", "Bo", "ann_x"]
    assert await found(licenceExpiresBefore="2040-01-01") == []


@pytest.mark.parametrize("search", ["", "   ", "x" * 101, "x" * 1_900_000, "a\x00b", "\x1b[0m"])
async def test_a_bad_search_is_refused(api: Api, world: World, search: str) -> None:
    asked = await _fleet(api, world, "A")
    document = "query($f: DriverFilterInput) { drivers(filter: $f) { totalCount } }"
    answer = await asked.execute(document, {"f": {"search": search}})
    assert answer.errors[0]["extensions"]["field"] == "filter.search"
    assert answer.errors[0]["extensions"]["httpStatus"] == 400


async def test_filtering_by_a_personal_field_needs_its_permission(api: Api, world: World) -> None:
    provider = await world.provider()
    document = '{ drivers(filter: {licenceExpiresBefore: "2040-01-01"}) { totalCount } }'
    assert (await api.as_role(Role.FINANCE, provider.id).execute(document)).codes == ["FORBIDDEN"]
