import pytest

from fleet_api.graphql.language import language_of
from fleet_api.shared.domain.permission import Role
from tests.support.api import Api, global_id
from tests.support.world import World


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9", "es"),
        ("fr", "en"),
        ("fr, es;q=0.3", "es"),
        ("en;q=0.2, es;q=0.8", "es"),
        ("es;q=0, *", "en"),
        ("es;q=0", "en"),
        ("*", "en"),
        ("es;q=nonsense", "en"),
        ("en;q=0.1, es; q=0.9", "es"),
        ("es;q=nan", "en"),
        ("es;q=1e999, en;q=0.5", "en"),
        ("," * 100_000, "en"),
    ],
)
def test_the_best_liked_language_of_ours_is_spoken(header: str | None, language: str) -> None:
    assert language_of(header) == language


async def test_messages_follow_accept_language_and_codes_do_not(api: Api, world: World) -> None:
    north = await world.provider()
    suspend = "mutation($id: ID!) { suspendDriver(input: {driverId: $id}) { ... on Error { code message } } }"
    asked = api.as_role(Role.DISPATCHER, north.id)
    variables = {"id": global_id("Driver", north.id)}
    english = (await asked.execute(suspend, variables)).data["suspendDriver"]
    spanish = (await asked.execute(suspend, variables, accept_language="es-ES")).data["suspendDriver"]
    assert english == {"code": "NOT_FOUND", "message": "There is no such thing, or you may not see it."}
    assert spanish == {"code": "NOT_FOUND", "message": "No existe, o usted no puede verlo."}


async def test_input_problems_are_told_in_spanish_too(api: Api, world: World) -> None:
    north = await world.provider()
    document = "{ drivers(first: 1000000) { totalCount } }"
    answer = await api.as_role(Role.DISPATCHER, north.id).execute(document, accept_language="es")
    assert answer.codes == ["INVALID_PAGE"]
    assert answer.errors[0]["message"] == "Pida de 1 a 100 filas."
