"""Who follows the log gets what happens, and only what they may see of it."""

import asyncio
from typing import Any

import pytest

from fleet_api.shared.domain.permission import Role
from tests.support.api import Api, global_id
from tests.support.followers import FLEET, cursor_now, following, rename
from tests.support.world import World

_SUSPEND = "mutation($id: ID!) { suspendDriver(input: {driverId: $id}) { __typename } }"


async def test_an_event_says_who_did_what_and_leads_to_the_thing(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id, "anna")
    async with following(address, dispatcher) as phone:
        await rename(dispatcher, driver.id, "Kari Nordmann")
        await dispatcher.data(_SUSPEND, {"id": global_id("Driver", driver.id)})
        renamed, suspended = await phone.events(2)
    person = {"id": global_id("Driver", driver.id), "fullName": "Kari Nordmann"}
    assert (renamed["kind"], renamed["sequence"], renamed["changed"]) == ("DRIVER_UPDATED", 1, ["fullName"])
    assert (renamed["actor"], renamed["driver"]) == ("dispatcher:anna", person)
    assert (suspended["kind"], suspended["sequence"]) == ("DRIVER_STATUS_CHANGED", 2)
    assert (suspended["from"], suspended["to"]) == ("ACTIVE", "SUSPENDED")


async def test_each_subscription_tells_of_its_own(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    driver, other = await world.driver(north), await world.driver(north)
    car = await world.vehicle(north)
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    start = await cursor_now(dispatcher)
    assign = """mutation($v: ID!, $d: ID!) {
      assignVehicle(input: {vehicleId: $v, driverId: $d}) { __typename }
      releaseVehicle(input: {vehicleId: $v}) { __typename } }"""
    ids = {"v": global_id("Vehicle", car.id), "d": global_id("Driver", driver.id), "o": global_id("Driver", other.id)}
    await rename(dispatcher, driver.id, "Another Name")
    await dispatcher.data(assign, {"v": ids["v"], "d": ids["d"]})
    await dispatcher.data(_SUSPEND, {"id": ids["d"]})
    await dispatcher.data(_SUSPEND, {"id": ids["o"]})

    async def kinds(field: str, count: int) -> list[Any]:
        given = {name: [ids[name]] for name in "vd" if f"${name}" in field}
        declared = "".join(f", ${name}: [ID!]" for name in given)
        document = f"subscription($after: String{declared}) {{ {field} {{ kind from to }} }}"
        async with following(address, dispatcher, document, after=start, **given) as phone:
            told = await phone.events(count)
            await phone.nothing_more(dispatcher)
        return [(event["kind"], event["from"], event["to"]) for event in told]

    suspended = ("DRIVER_STATUS_CHANGED", "ACTIVE", "SUSPENDED")
    assert await kinds("driverStatusChanged(after: $after)", 2) == [suspended] * 2
    assert await kinds("driverStatusChanged(after: $after, driverIds: $d)", 1) == [suspended]
    handed = [("VEHICLE_ASSIGNED", "AVAILABLE", "ASSIGNED"), ("VEHICLE_RELEASED", "ASSIGNED", "AVAILABLE")]
    assert await kinds("assignmentChanged(after: $after, vehicleIds: $v, driverIds: $d)", 2) == handed
    states = [("VEHICLE_STATUS_CHANGED", *each[1:]) for each in handed]
    assert await kinds("vehicleUpdated(after: $after, vehicleIds: $v)", 2) == states


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.PLATFORM_OPS, ["north", "child", "south"]),
        (Role.PROVIDER_ADMIN, ["north", "child"]),
        (Role.DISPATCHER, ["north"]),
        (Role.AUDITOR, ["north"]),
        (Role.FINANCE, ["north"]),
        (Role.DRIVER, ["north"]),
    ],
)
async def test_events_reach_who_may_see_them_live_and_later(
    api: Api, world: World, address: str, role: Role, sees: list[str]
) -> None:
    north, south = await world.provider(), await world.provider()
    child = await world.provider(parent=north)
    providers = {"north": north, "child": child, "south": south}
    drivers = {name: await world.driver(provider) for name, provider in providers.items()}
    unseen = await world.driver(north)
    provider_id = None if role is Role.PLATFORM_OPS else north.id
    viewer = api.as_role(role, provider_id, str(drivers["north"].id))
    start = await cursor_now(viewer)
    document = FLEET.replace("driver { id fullName }", "subject: driver { id }")
    async with following(address, viewer, document) as phone:
        if role is Role.DRIVER:
            await rename(api.as_role(Role.PLATFORM_OPS), unseen.id, "Somebody Else")
        for name in reversed(providers):
            await rename(api.as_role(Role.PLATFORM_OPS), drivers[name].id, f"Driver of {name}")
        live = await phone.events(len(sees))
        await phone.nothing_more(viewer)
    async with following(address, viewer, document, after=start) as phone:
        later = await phone.events(len(sees))
        await phone.nothing_more(viewer)
    expected = [global_id("Driver", drivers[name].id) for name in reversed(sees)]
    assert [event["subject"]["id"] for event in live] == [event["subject"]["id"] for event in later] == expected


@pytest.mark.parametrize(
    ("role", "document", "code"),
    [
        (Role.FINANCE, "subscription { stateOfChargeBelow(pct: 20) { kind } }", "FORBIDDEN"),
        (Role.DRIVER, "subscription { geofenceCrossed { kind } }", "FORBIDDEN"),
        (Role.DRIVER, "subscription { fleetEvents(kinds: [GEOFENCE_CROSSED]) { kind } }", "FORBIDDEN"),
        (Role.DEVICE, "subscription { fleetEvents { kind } }", "FORBIDDEN"),
        (Role.DISPATCHER, "subscription { fleetEvents(kinds: [NONSENSE]) { kind } }", "GRAPHQL_VALIDATION_FAILED"),
        (Role.DISPATCHER, 'subscription { fleetEvents(after: "nonsense") { kind } }', "INVALID_CURSOR"),
        (Role.DISPATCHER, 'subscription { fleetEvents(after: "") { kind } }', "INVALID_CURSOR"),
        (Role.DISPATCHER, 'subscription { vehiclePositions(after: "MQ.7") { cursor } }', "INVALID_CURSOR"),
        (Role.DISPATCHER, 'subscription { vehicleUpdated(vehicleIds: ["nonsense"]) { kind } }', "INVALID_ID"),
        (Role.DISPATCHER, "subscription { stateOfChargeBelow(pct: 0) { kind } }", "INVALID_PCT"),
        (Role.DISPATCHER, "subscription { stateOfChargeBelow(pct: 101) { kind } }", "INVALID_PCT"),
        (Role.DISPATCHER, "subscription { vehiclePositions(minIntervalMs: 0) { cursor } }", "INVALID_INTERVAL"),
        (
            Role.DISPATCHER,
            "subscription { vehiclePositions(minIntervalMs: 31536000) { cursor } }",
            "INVALID_INTERVAL",
        ),
        (
            Role.DISPATCHER,
            "subscription { vehiclePositions(within: {south: 2, west: 0, north: 1, east: 1}) { cursor } }",
            "INVALID_BOX",
        ),
    ],
)
async def test_what_cannot_be_followed_is_refused(
    api: Api, world: World, address: str, role: Role, document: str, code: str
) -> None:
    north = await world.provider()
    subject = str((await world.driver(north)).id)
    async with following(address, api.as_role(role, north.id, subject), document, after="-") as phone:
        assert await phone.refusal() == code
        await phone.nothing_more(api)


async def test_thousands_of_ids_are_too_many(api: Api, world: World, address: str) -> None:
    north = await world.provider()
    car = await world.vehicle(north)
    document = "subscription($ids: [ID!]) { vehiclePositions(vehicleIds: $ids) { cursor } }"
    dispatcher = api.as_role(Role.DISPATCHER, north.id)
    ids = [global_id("Vehicle", car.id)] * 3_000
    async with following(address, dispatcher, document, ids=ids, after="-") as phone:
        assert await phone.refusal() == "TOO_MANY_IDS"


async def test_somebody_elses_cursor_is_none(api: Api, world: World, address: str) -> None:
    north, south = await world.provider(), await world.provider()
    driver, colleague = await world.driver(north), await world.driver(north)
    cursor = await cursor_now(api.as_role(Role.DISPATCHER, north.id))
    own = await cursor_now(api.as_role(Role.DRIVER, north.id, str(driver.id)))
    forged = cursor[:10] + ("A" if cursor[10] != "A" else "B") + cursor[11:]
    for viewer, given in [
        (api.as_role(Role.DISPATCHER, south.id), cursor),
        (api.as_role(Role.DRIVER, north.id, str(driver.id)), cursor),
        (api.as_role(Role.DRIVER, north.id, str(colleague.id)), own),
        (api.as_role(Role.PLATFORM_OPS), cursor),
        (api.as_role(Role.DISPATCHER, north.id), forged),
        (api.as_role(Role.DISPATCHER, north.id), cursor + "9" * 5_000),
        (api.as_role(Role.DISPATCHER, north.id), cursor + "9" * 30),
    ]:
        async with following(address, viewer, after=given) as phone:
            assert await phone.refusal() == "INVALID_CURSOR"
    # A colleague's is as good as one's own: what they see is the same.
    async with following(address, api.as_role(Role.AUDITOR, north.id), after=cursor) as phone:
        await rename(api.as_role(Role.DISPATCHER, north.id), driver.id, "Kari Nordmann")
        assert (await phone.event())["kind"] == "DRIVER_UPDATED"


async def test_a_single_failing_field_fails_for_nobody_else(api: Api, world: World, address: str) -> None:
    """An edge that is closed to one role answers null to it, and is told to the other."""
    north = await world.provider()
    driver = await world.driver(north)
    document = "subscription { fleetEvents { ... on DriverChanged { driver { fullName phone } } } }"
    async with (
        following(address, api.as_role(Role.FINANCE, north.id), document) as finance,
        following(address, api.as_role(Role.AUDITOR, north.id), document) as auditor,
    ):
        await rename(api.as_role(Role.DISPATCHER, north.id), driver.id, "Kari Nordmann")
        told = await asyncio.gather(finance.event(), auditor.event())
    assert [each["driver"]["phone"] for each in told] == [None, driver.phone]
