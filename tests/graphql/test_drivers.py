from fleet_api.shared.domain.permission import Role
from tests.support.api import Api, global_id
from tests.support.world import World


async def test_nested_lists_cost_one_statement_a_level(api: Api, world: World, statements: list[str]) -> None:
    north = await world.provider()
    for _ in range(30):
        await world.driver(north)
    asked = api.as_role(Role.DISPATCHER, north.id)
    statements.clear()
    data = await asked.data(
        "{ drivers(first: 20) { edges { node { fullName phone fleetProvider { drivers(first: 2) "
        "{ edges { node { id } } } } } } } }"
    )
    assert len(data["drivers"]["edges"]) == 20
    assert data["drivers"]["edges"][0]["node"]["phone"] is not None
    assert len(statements) == 3


async def test_another_providers_driver_is_not_there(api: Api, world: World) -> None:
    north, harbor = await world.provider(), await world.provider()
    theirs = await world.driver(harbor)
    data = await api.as_role(Role.DISPATCHER, north.id).data(
        "query($id: ID!) { driver(id: $id) { id } node(id: $id) { id } drivers { totalCount } }",
        {"id": global_id("Driver", theirs.id)},
    )
    assert data == {"driver": None, "node": None, "drivers": {"totalCount": 0}}
