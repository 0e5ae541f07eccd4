"""What mutations tell, from the request to the table of events."""

import asyncio
from datetime import datetime
from typing import Any

from sqlalchemy import text

from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.shared.domain.permission import Role
from tests.graphql.test_idempotency import invitation
from tests.support.api import Api, global_id, local_id
from tests.support.events import by_subject, told
from tests.support.world import World

_PASSWORD = "correct horse battery"
_ERROR = "__typename ... on Error { code }"
_INVITE = (
    f"mutation($input: InviteDriverInput!) {{ inviteDriver(input: $input) {{ {_ERROR} ... on Driver {{ id }} }} }}"
)
_UPDATE = f"mutation($input: UpdateDriverInput!) {{ updateDriver(input: $input) {{ {_ERROR} }} }}"
_SUSPEND = f"mutation($input: SuspendDriverInput!) {{ suspendDriver(input: $input) {{ {_ERROR} }} }}"
_LOGIN = f"mutation($input: LoginInput!) {{ login(input: $input) {{ {_ERROR} }} }}"


async def _now(world: World) -> datetime:
    async with world.engine.connect() as connection:
        return (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()


async def test_an_event_says_who_when_from_and_to(api: Api, world: World) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    earlier = await _now(world)
    anna = api.as_role(Role.DISPATCHER, north.id, "anna")
    await anna.data(_SUSPEND, {"input": {"driverId": global_id("Driver", driver.id)}})
    (event,) = await told(world)
    assert earlier <= event.occurred_at <= await _now(world)
    assert (event.kind, event.actor, event.before, event.after) == (
        "DRIVER_STATUS_CHANGED",
        "dispatcher:anna",
        "ACTIVE",
        "SUSPENDED",
    )
    assert (event.subject_id, event.driver_id, event.fleet_provider_id) == (driver.id, driver.id, north.id)
    assert (event.sequence, event.object_id, event.changed) == (1, None, [])


async def test_who_logs_in_accepts_the_invitation_themself(api: Api, world: World) -> None:
    north = await world.provider()
    anna = api.as_role(Role.DISPATCHER, north.id, "anna")
    invited = await anna.data(_INVITE, invitation(password=_PASSWORD))
    login = {"input": {"phone": "+4791234567", "password": _PASSWORD}}
    for _ in range(2):
        assert (await api.data(_LOGIN, login))["login"]["__typename"] == "DriverSession"
    id = local_id(invited["inviteDriver"]["id"])
    assert [(e.kind, e.actor, e.before, e.after, e.sequence) for e in await told(world)] == [
        ("DRIVER_INVITED", "dispatcher:anna", None, "INVITED", 1),
        ("DRIVER_STATUS_CHANGED", f"driver:{id}", "INVITED", "PENDING_VERIFICATION", 2),
    ]


async def test_what_fails_or_changes_nothing_leaves_neither_an_event_nor_a_gap(api: Api, world: World) -> None:
    north = await world.provider()
    driver, other = await world.driver(north), await world.driver(north, status=DriverStatus.INVITED)
    anna = api.as_role(Role.DISPATCHER, north.id)

    async def update(**fields: Any) -> Any:
        id = global_id("Driver", driver.id)
        return (await anna.data(_UPDATE, {"input": {"driverId": id} | fields}))["updateDriver"].get("code")

    assert await update(fullName="First") is None
    assert await update(phone=other.phone) == "PHONE_TAKEN"
    assert await update(phone=other.phone, idempotencyKey="k1") == "PHONE_TAKEN"
    assert await update(fullName="Late", expectedVersion=1) == "STALE_VERSION"
    assert await update(fullName="First") is None
    refused = await anna.data(_SUSPEND, {"input": {"driverId": global_id("Driver", other.id)}})
    assert refused["suspendDriver"]["code"] == "ILLEGAL_TRANSITION"
    assert await update(fullName="Second") is None
    assert [(e.kind, e.sequence, e.changed) for e in await told(world)] == [
        ("DRIVER_UPDATED", 1, ["fullName"]),
        ("DRIVER_UPDATED", 2, ["fullName"]),
    ]


async def test_a_replay_is_not_told_again(api: Api, world: World) -> None:
    north = await world.provider()
    anna = api.as_role(Role.DISPATCHER, north.id)
    answers = await asyncio.gather(*(anna.data(_INVITE, invitation(idempotencyKey="k1")) for _ in range(8)))
    answers.append(await anna.data(_INVITE, invitation(idempotencyKey="k1")))
    assert {answer["inviteDriver"]["__typename"] for answer in answers} == {"Driver"}
    assert [event.kind for event in await told(world)] == ["DRIVER_INVITED"]


async def test_twenty_four_at_once_leave_no_gap(api: Api, world: World) -> None:
    """Some are refused by what they read, and some by the database after all else went well."""
    north = await world.provider()
    drivers = [await world.driver(north) for _ in range(3)]
    taken = (await world.driver(north)).phone
    anna = api.as_role(Role.DISPATCHER, north.id)

    async def update(number: int) -> str | None:
        fields: dict[str, Any] = {"driverId": global_id("Driver", drivers[number % 3].id), "fullName": f"No. {number}"}
        if number % 4 == 1:
            fields["phone"] = taken
        elif number % 4 == 2:
            fields["expectedVersion"] = 99
        return (await anna.data(_UPDATE, {"input": fields}))["updateDriver"].get("code")

    codes = await asyncio.gather(*map(update, range(24)))
    assert {code: codes.count(code) for code in codes} == {None: 12, "PHONE_TAKEN": 6, "STALE_VERSION": 6}
    assert by_subject(await told(world)) == {driver.id: [1, 2, 3, 4] for driver in drivers}


async def test_a_vehicle_that_is_handed_over_is_two_events_in_order(api: Api, world: World) -> None:
    north = await world.provider()
    vehicle, driver = await world.vehicle(north), await world.driver(north)
    anna = api.as_role(Role.DISPATCHER, north.id)
    asked = {"vehicleId": global_id("Vehicle", vehicle.id), "driverId": global_id("Driver", driver.id)}
    document = (
        "mutation($input: AssignVehicleInput!) { assignVehicle(input: $input) { ... on VehicleAssignment { id } } }"
    )
    assignment = local_id((await anna.data(document, {"input": asked}))["assignVehicle"]["id"])
    assigned, moved = await told(world)
    assert (assigned.kind, assigned.sequence, str(assigned.object_id)) == ("VEHICLE_ASSIGNED", 1, assignment)
    assert (moved.kind, moved.sequence, moved.object_id) == ("VEHICLE_STATUS_CHANGED", 2, None)
    for event in (assigned, moved):
        assert (event.subject_id, event.driver_id) == (vehicle.id, driver.id)
        assert (event.before, event.after) == ("AVAILABLE", "ASSIGNED")
