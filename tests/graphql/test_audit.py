"""The audit trail: what an entry holds, what leaves one, and that nobody changes it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fleet_api.demo.world.catalogue import CATALOGUE
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.shared.domain.output_context import OutputSuccessContext
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from fleet_api.vehicles.domain.vehicle_model_dto import ImportVehicleModelsDto
from fleet_api.vehicles.infrastructure.vehicles_depends import import_vehicle_models_depends
from tests.graphql.test_idempotency import invitation
from tests.support.api import Api, global_id
from tests.support.audit import RETIRE, SUSPEND, entries, listed
from tests.support.sockets import opened, receive, send
from tests.support.world import World

_UPDATE = "mutation($i: UpdateDriverInput!) { updateDriver(input: $i) { __typename ... on Error { code } } }"
_LOGIN = "mutation($i: LoginInput!) { login(input: $i) { __typename ... on Error { code } } }"
_SIGN_IN = "mutation($i: LoginInput!) { login(input: $i) { ... on DriverSession { refreshToken } } }"
_REFRESH = "mutation($t: String!) { refreshToken(input: {refreshToken: $t}) { __typename ... on Error { code } } }"
_PASSWORD = "correct horse battery"


async def test_an_entry_tells_who_did_what_to_which_thing(api: Api, world: World) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    id = global_id("Driver", driver.id)
    dispatcher = api.as_role(Role.DISPATCHER, north.id, subject="anna")
    answer = await dispatcher.execute(SUSPEND, {"i": {"driverId": id}}, x_request_id="given-by-a-proxy")
    assert answer.data["suspendDriver"]["__typename"] == "Driver"
    (entry,) = await listed(api.as_role(Role.AUDITOR, north.id))
    assert entry.pop("id")
    assert entry.pop("occurredAt")
    assert entry == {
        "actor": "dispatcher:anna",
        "role": "DISPATCHER",
        "action": "SUSPEND_DRIVER",
        "outcome": "DONE",
        "code": None,
        "entityType": "Driver",
        "entityId": id,
        "from": "ACTIVE",
        "to": "SUSPENDED",
        "changed": [],
        "requestId": "given-by-a-proxy",
        "address": "127.0.0.1",
        "fleetProvider": {"id": global_id("FleetProvider", north.id)},
        "actorFleetProvider": {"id": global_id("FleetProvider", north.id)},
    }


async def test_an_entry_holds_no_value_of_an_input(api: Api, world: World) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    corrected = {"phone": "+4791234567", "licenceNumber": "SECRET-77", "password": _PASSWORD, "fullName": "Ida Berg"}
    asked = {"driverId": global_id("Driver", driver.id), "idempotencyKey": "key-of-a-client"} | corrected
    await api.as_role(Role.DISPATCHER, north.id).data(_UPDATE, {"i": asked})
    session = await api.data(_SIGN_IN, {"i": {"phone": "+4791234567", "password": _PASSWORD}})
    await api.data(_LOGIN, {"i": {"phone": "+4791234567", "password": "not this one at all"}})
    told = str(await entries(world))
    assert "UPDATE_DRIVER" in told
    assert "licenceNumber" in told
    secrets = [*corrected.values(), session["login"]["refreshToken"], "key-of-a-client", "not this one"]
    assert [secret for secret in secrets if secret in told] == []


async def test_a_replayed_answer_leaves_no_second_entry(api: Api, world: World) -> None:
    north = await world.provider()
    asked = {"i": {"driverId": global_id("Driver", (await world.driver(north)).id), "idempotencyKey": "once"}}
    for _ in range(2):
        answer = await api.as_role(Role.DISPATCHER, north.id).data(SUSPEND, asked)
        assert answer["suspendDriver"]["__typename"] == "Driver"
    assert [entry.action for entry in await entries(world)] == ["SUSPEND_DRIVER"]


async def test_without_its_entry_nothing_changes(api: Api, world: World) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    async with world.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE audit_entries RENAME COLUMN action TO elsewhere"))
    answer = await api.as_role(Role.DISPATCHER, north.id).execute(
        SUSPEND, {"i": {"driverId": global_id("Driver", driver.id)}}
    )
    assert answer.codes == ["INTERNAL_ERROR"]
    async with world.engine.connect() as connection:
        status = (await connection.execute(text("SELECT status FROM drivers"))).scalar_one()
    assert status == DriverStatus.ACTIVE


async def test_attempts_at_what_one_may_not_do_are_told_once_a_minute(api: Api, world: World) -> None:
    north = await world.provider()
    vehicle, driver = await world.vehicle(north), await world.driver(north)
    finance, device = api.as_role(Role.FINANCE, north.id), api.as_role(Role.DEVICE, north.id)
    retiring = {"i": {"vehicleId": global_id("Vehicle", vehicle.id)}}
    for asked in (finance, device, finance, device, finance):
        assert (await asked.data(RETIRE, retiring))["retireVehicle"]["code"] == "FORBIDDEN"
    await finance.data(SUSPEND, {"i": {"driverId": global_id("Driver", driver.id)}})
    told = [(each.actor, each.action, each.outcome, each.code, each.entity_id) for each in await entries(world)]
    assert {*told} == {
        ("finance:someone", "RETIRE_VEHICLE", "REFUSED", "FORBIDDEN", vehicle.id),
        ("device:someone", "RETIRE_VEHICLE", "REFUSED", "FORBIDDEN", vehicle.id),
        ("finance:someone", "SUSPEND_DRIVER", "REFUSED", "FORBIDDEN", driver.id),
    }
    assert len(told) <= 5  # of six, though a minute may end among them
    assert {each.fleet_provider_id for each in await entries(world)} == {north.id}


async def test_strangers_leave_nothing(api: Api, world: World) -> None:
    vehicle = await world.vehicle(await world.provider())
    answer = await api.data(RETIRE, {"i": {"vehicleId": global_id("Vehicle", vehicle.id)}})
    assert answer["retireVehicle"]["code"] == "UNAUTHENTICATED"
    assert await entries(world) == []


async def test_a_failed_login_is_told_of_its_driver(api: Api, world: World) -> None:
    """And one with a phone that nobody has, to the platform's operator."""
    north = await world.provider()
    driver = await world.driver(north)
    asked = {"driverId": global_id("Driver", driver.id), "password": _PASSWORD}
    await api.as_role(Role.DISPATCHER, north.id).data(_UPDATE, {"i": asked})
    for phone in (driver.phone, "+4790999999"):
        answer = await api.data(_LOGIN, {"i": {"phone": phone, "password": "not this one at all"}})
        assert answer["login"]["code"] == "INVALID_CREDENTIALS"
    refused = {"filter": {"outcome": "REFUSED"}}
    (seen,) = await listed(api.as_role(Role.AUDITOR, north.id), **refused)
    assert (seen["actor"], seen["role"], seen["action"]) == ("anonymous:", None, "LOGIN")
    assert (seen["code"], seen["address"]) == ("INVALID_CREDENTIALS", "127.0.0.1")
    assert seen["entityId"] == global_id("Driver", driver.id)
    unknown, _ = await listed(api.as_role(Role.PLATFORM_OPS), **refused)
    assert (unknown["entityId"], unknown["fleetProvider"]) == (None, None)


async def test_a_session_that_ends_because_a_token_came_twice_is_told(api: Api, world: World) -> None:
    north = await world.provider()
    invited = invitation(fleetProviderId=global_id("FleetProvider", north.id), password=_PASSWORD)["input"]
    document = "mutation($i: InviteDriverInput!) { inviteDriver(input: $i) { __typename } }"
    await api.as_role(Role.DISPATCHER, north.id).data(document, {"i": invited})
    session = await api.data(_SIGN_IN, {"i": {"phone": invited["phone"], "password": _PASSWORD}})
    token = session["login"]["refreshToken"]
    codes = [(await api.data(_REFRESH, {"t": token}))["refreshToken"].get("code") for _ in range(2)]
    assert codes == [None, "INVALID_REFRESH_TOKEN"]
    told = [(each.action, each.outcome) for each in await entries(world)][-2:]
    assert told == [("REFRESH_TOKEN", "DONE"), ("REFRESH_TOKEN", "REFUSED")]


@pytest.mark.parametrize("change", ["UPDATE {} SET actor = 'nobody'", "DELETE FROM {}"])
async def test_nobody_can_change_an_entry(api: Api, world: World, change: str) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    await api.as_role(Role.DISPATCHER, north.id).data(SUSPEND, {"i": {"driverId": global_id("Driver", driver.id)}})
    before = await entries(world)
    async with world.engine.connect() as connection:
        partition = (await connection.execute(text("SELECT tableoid::regclass::text FROM audit_entries"))).scalar_one()
    for statement in (change.format("audit_entries"), change.format(partition), "TRUNCATE audit_entries"):
        with pytest.raises(DBAPIError, match="audit entries are never changed"):
            async with world.engine.begin() as connection:
                await connection.execute(text(statement))
    assert await entries(world) == before


async def test_what_comes_over_a_socket_is_told_with_its_request_and_address(
    address: str, api: Api, world: World
) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    async with opened(address, api.as_role(Role.DISPATCHER, north.id)) as socket:
        variables = {"i": {"driverId": global_id("Driver", driver.id)}}
        await send(socket, type="subscribe", id="1", payload={"query": SUSPEND, "variables": variables})
        assert (await receive(socket))["payload"]["data"]["suspendDriver"]["__typename"] == "Driver"
    (entry,) = await entries(world)
    assert entry.request_id
    assert entry.address == "127.0.0.1"


async def test_an_operators_command_is_told_to_the_platform(
    api: Api, world: World, services: Services, database_url: str
) -> None:
    database = Database(database_url, pool_size=1)
    command = ImportVehicleModelsDto(idempotency_key=None, drafts=tuple(CATALOGUE[:1]))
    output = await UnitOfWork(database, services).write(import_vehicle_models_depends, command, Viewer.system())
    assert isinstance(output, OutputSuccessContext)
    await database.close()
    (entry,) = await listed(api.as_role(Role.PLATFORM_OPS))
    assert (entry["actor"], entry["action"]) == ("platform_ops:system", "IMPORT_VEHICLE_MODELS")
    assert (entry["entityId"], entry["requestId"], entry["address"]) == (None, None, None)
    assert await listed(api.as_role(Role.AUDITOR, (await world.provider()).id)) == []
