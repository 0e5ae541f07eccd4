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


_PERSONAL = """{ drivers { edges { node {
    fullName phone email licenceNumber licenceCountry licenceClasses licenceExpiresOn } } } }"""


async def test_personal_fields_need_a_permission_of_their_own(api: Api, world: World) -> None:
    """drivers rule 5: null without an error, and their siblings do not suffer."""
    north = await world.provider()
    driver = await world.driver(north)
    hidden = await api.as_role(Role.FINANCE, north.id).data(_PERSONAL)
    assert hidden["drivers"]["edges"][0]["node"] == {
        "fullName": driver.full_name,
        "phone": None,
        "email": None,
        "licenceNumber": None,
        "licenceCountry": None,
        "licenceClasses": None,
        "licenceExpiresOn": None,
    }
    shown = await api.as_role(Role.AUDITOR, north.id).data(_PERSONAL)
    assert None not in shown["drivers"]["edges"][0]["node"].values()


async def test_a_driver_sees_nobody_else(api: Api, world: World) -> None:
    north = await world.provider()
    me, colleague = await world.driver(north), await world.driver(north)
    asked = api.as_role(Role.DRIVER, north.id, str(me.id))
    data = await asked.data(
        "query($id: ID!) { me { id } driver(id: $id) { id } drivers { edges { node { id } } } "
        "fleetProviders { edges { node { legalName drivers { totalCount } } } } }",
        {"id": global_id("Driver", colleague.id)},
    )
    assert data["me"] == {"id": global_id("Driver", me.id)}
    assert data["driver"] is None
    assert data["drivers"]["edges"] == [{"node": {"id": global_id("Driver", me.id)}}]
    assert data["fleetProviders"]["edges"] == [{"node": {"legalName": north.legal_name, "drivers": {"totalCount": 1}}}]


_WRITES = "mutation($id: ID!) { r: suspendDriver(input: {driverId: $id}) { __typename ... on Error { code } } }"


async def test_who_may_only_look_changes_nothing(api: Api, world: World) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    variables = {"id": global_id("Driver", driver.id)}
    for role in (Role.FINANCE, Role.AUDITOR, Role.DEVICE):
        answer = (await api.as_role(role, north.id).data(_WRITES, variables))["r"]
        assert answer == {"__typename": "Forbidden", "code": "FORBIDDEN"}
    as_driver = api.as_role(Role.DRIVER, north.id, str(driver.id))
    assert (await as_driver.data(_WRITES, variables))["r"]["code"] == "FORBIDDEN"
    assert (await api.data(_WRITES, variables))["r"]["code"] == "UNAUTHENTICATED"


async def test_a_device_sees_nothing(api: Api, world: World) -> None:
    north = await world.provider()
    answer = await api.as_role(Role.DEVICE, north.id).execute(
        "{ drivers { totalCount } fleetProviders { totalCount } }"
    )
    assert answer.data == {"drivers": None, "fleetProviders": None}
    assert answer.codes == ["FORBIDDEN", "FORBIDDEN"]


async def test_everybody_can_ask_who_they_are(api: Api, world: World) -> None:
    north = await world.provider()
    me = await world.driver(north)
    document = "{ viewer { role fleetProvider { legalName } driver { fullName } } }"
    dispatcher = await api.as_role(Role.DISPATCHER, north.id).data(document)
    driver = await api.as_role(Role.DRIVER, north.id, str(me.id)).data(document)
    stranger = await api.data(document)
    provider = {"legalName": north.legal_name}
    assert dispatcher["viewer"] == {"role": "DISPATCHER", "fleetProvider": provider, "driver": None}
    assert driver["viewer"] == {"role": "DRIVER", "fleetProvider": provider, "driver": {"fullName": me.full_name}}
    assert stranger["viewer"] == {"role": None, "fleetProvider": None, "driver": None}


async def test_an_id_has_one_spelling(api: Api, world: World) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    asked = api.as_role(Role.DISPATCHER, north.id)
    for spelling in (str(driver.id).upper(), driver.id.hex, f"{{{driver.id}}}"):
        for document in ("query($id: ID!) { driver(id: $id) { id } }", "query($id: ID!) { node(id: $id) { id } }"):
            answer = await asked.execute(document, {"id": global_id("Driver", spelling)})
            assert answer.codes == ["INVALID_ID"]
