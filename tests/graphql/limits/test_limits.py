"""Each limit lets pass what is just under it, refuses what is just over, and says what to do."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from fleet_api.demo.demo_ids import provider_id
from fleet_api.graphql.app import make_app
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services
from tests.support.api import Api

Limited = Callable[..., AbstractAsyncContextManager[Api]]


@pytest.fixture
def limited(settings: Settings, services: Services, demo_url: str) -> Limited:
    """A dispatcher's API whose limits the test sets."""

    @asynccontextmanager
    async def serving(**limits: Any) -> AsyncIterator[Api]:
        changed = Settings(**{**settings.model_dump(), **limits})
        async with Api.serving(make_app(changed, demo_url), services) as api:
            yield api.as_role(Role.DISPATCHER, provider_id("north"))

    return serving


def _aliases(count: int) -> str:
    return "{ " + " ".join(f"a{n}: __typename" for n in range(count)) + " }"


def _nest(levels: int) -> str:
    circle = "currentVehicle { currentDriver { "
    pairs = (levels - 2) // 2
    return "me { " + circle * pairs + "id" + " } }" * pairs + " }"


def _size(bytes: int) -> str:
    return "{ __typename }" + " " * (bytes - len("{ __typename }"))


def _tokens(count: int) -> str:
    return "{ me { " + "...{id}" * ((count - 5) // 4) + "id " * ((count - 5) % 4) + "} }"


def _directives(count: int) -> str:
    return "{ me { " + "...@skip(if:true){id}" * count + " id } }"


_LIMITS: dict[str, tuple[int, Callable[[int], str], str]] = {
    "max_document_bytes": (65_536, _size, "DOCUMENT_TOO_LARGE"),
    "max_tokens": (2_000, _tokens, "TOO_MANY_TOKENS"),
    "max_aliases": (15, _aliases, "TOO_MANY_ALIASES"),
    "max_directives": (50, _directives, "TOO_MANY_DIRECTIVES"),
}


@pytest.mark.parametrize("name", _LIMITS)
async def test_a_document_just_under_a_limit_passes_and_just_over_does_not(limited: Limited, name: str) -> None:
    most, document, code = _LIMITS[name]
    async with limited() as api:
        assert getattr(Settings(), name) == most
        assert (await api.execute(document(most))).codes == []
        refused = await api.execute(document(most + 1))
        assert (refused.codes, refused.data) == ([code], None)
        assert refused.errors[0]["extensions"]["description"]
    async with limited(**{name: most + 1}) as api:
        assert (await api.execute(document(most + 1))).codes == []


async def test_twelve_fields_deep_and_no_deeper(limited: Limited) -> None:
    inner = "me { ...B } } fragment B on Driver { currentVehicle { currentDriver { %s } }"
    async with limited() as api:
        assert (await api.execute("{ " + _nest(12) + " }")).codes == []
        assert (await api.execute("{ " + _nest(14) + " }")).codes == ["TOO_DEEP"]
        for levels, codes in ((10, []), (12, ["TOO_DEEP"])):
            below = _nest(levels).removeprefix("me { ").removesuffix(" }")
            spread = f"{{ ...A }} fragment A on Query {{ {inner % below} }}"
            assert (await api.execute(spread)).codes == codes


async def test_a_field_that_is_repeated_is_refused_before_it_is_compared(limited: Limited) -> None:
    async with limited() as api:
        assert (await api.execute("{ " + "__typename " * 15 + "}")).codes == []
        assert (await api.execute("{ " + "__typename " * 16 + "}")).codes == ["FIELD_REPEATED"]


_PAGES = """query($n: Int!) {
    drivers(first: 49) { edges { node { assignments(first: $n) { edges { node { id } } } } } }
}"""


async def test_cost_up_to_the_ceiling(limited: Limited) -> None:
    most = 1 + 49 * (1 + 1 + 100)
    async with limited() as api:
        assert (Settings().max_cost, most) == (5_000, 4_999)
        answer = await api.execute(_PAGES, {"n": 100})
        assert answer.codes == []
        assert answer.response.json()["extensions"]["cost"]["requested"] == most
        over = await api.execute(_PAGES, {"n": 101})  # more than a page may have, but too much even before that
        assert over.codes == ["COST_TOO_HIGH"]
        assert "5048" in over.errors[0]["message"]
    async with limited(max_cost=most) as api:
        assert (await api.execute(_PAGES, {"n": 100})).codes == []
    async with limited(max_cost=most - 1) as api:
        assert (await api.execute(_PAGES, {"n": 100})).codes == ["COST_TOO_HIGH"]


async def test_values_up_to_the_ceiling(limited: Limited) -> None:
    document = "{ drivers(first: 10) { edges { cursor node { id fullName } } } }"
    async with limited(max_values=30) as api:
        assert (await api.execute(document)).codes == []
    async with limited(max_values=29) as api:
        assert (await api.execute(document)).codes == ["ANSWER_TOO_LARGE"]


async def test_a_hundred_rows_a_page_and_no_more(limited: Limited) -> None:
    document = "query($n: Int) { vehicles(first: $n) { edges { node { id } } } }"
    async with limited() as api:
        assert len((await api.data(document, {"n": 100}))["vehicles"]["edges"]) == 100
        assert (await api.execute(document, {"n": 101})).codes == ["INVALID_PAGE"]


async def test_a_budget_is_spent_and_refills(limited: Limited) -> None:
    document = "{ drivers(first: 99) { edges { node { id } } } }"
    words = 17
    async with limited(max_cost=100, budget=300 + words, budget_refill=1) as api:
        told = [(await api.execute(document)).response.json()["extensions"]["cost"] for _ in range(3)]
        assert [each["remaining"] for each in told] == [200, 100, 0]
        assert told[0] == {
            "requested": 100,
            "limit": 100,
            "budget": 300 + words,
            "remaining": 200,
            "refillPerSecond": 1,
        }
        spent = await api.execute(document)
        assert (spent.codes, spent.response.status_code) == (["BUDGET_SPENT"], 429)
        assert 98 <= spent.errors[0]["extensions"]["retryAfter"] <= 100
        other = api.as_role(Role.DISPATCHER, provider_id("north"), "another")
        assert (await other.execute(document)).codes == []


async def test_who_is_refused_is_told_when_to_come_back(limited: Limited) -> None:
    async with limited(max_cost=100, budget=100, budget_refill=50) as api:
        document = "{ drivers(first: 70) { edges { node { id } } } }"
        assert (await api.execute(document)).codes == []
        refused = await api.execute(document)
        assert refused.response.headers["retry-after"] == str(refused.errors[0]["extensions"]["retryAfter"])
        assert (await api.execute(document, accept_language="es")).errors[0]["message"].startswith("Ha pedido")


_LOOK = "{ __schema { types { name } } }"
_HIDDEN_LOOK = '{ ...F } fragment F on Query { ... { x: __type(name: "Driver") { name } } }'


async def test_strangers_may_not_look_around(limited: Limited) -> None:
    async with limited() as api:
        strangers = (api.with_token(None), api.as_role(Role.DEVICE, provider_id("north")))
        for stranger in strangers:
            for look in (_LOOK, _HIDDEN_LOOK):
                refused = await stranger.execute(look)
                assert (refused.codes, refused.data) == (["INTROSPECTION_CLOSED"], None)
            assert (await stranger.execute("{ __typename }")).data == {"__typename": "Query"}
            assert "Did you mean" not in (await stranger.execute("{ drivrs { id } }")).response.text
    async with limited(introspection=True) as api:
        assert (await api.with_token(None).execute(_LOOK)).codes == []
        assert "Did you mean" in (await api.with_token(None).execute("{ drivrs { id } }")).response.text


@pytest.mark.parametrize("length", [0, *range(300, 460, 20)])
async def test_no_suggestion_hides_in_a_long_message(limited: Limited, length: int) -> None:
    long = "x" * length
    guesses = (
        f'{{ vehicles(filter: {{a: "{long}", statuss: 1}}) {{ totalCount }} }}',
        f'{{ drivers(filter: {{search: "{long}", statusez: 1}}, orderBy: {{field: FULL_NAM}}) {{ totalCount }} }}',
    )
    async with limited() as api:
        for guess in guesses:
            told = (await api.with_token(None).execute(guess)).response.text
            assert "Did you" not in told
            assert "statuses" not in told


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.PROVIDER_ADMIN, Role.FINANCE, Role.AUDITOR])
async def test_staff_may_look_around(limited: Limited, role: Role) -> None:
    async with limited() as api:
        staff = api.as_role(role, provider_id("north"))
        assert (await staff.execute(_LOOK)).codes == []
        assert "Did you mean" in (await staff.execute("{ drivrs { id } }")).response.text
