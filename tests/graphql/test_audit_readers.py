"""Who may read the audit trail, and how they find an entry in it."""

import pytest

from fleet_api.shared.domain.permission import Permission, Role, permissions_of
from tests.support.api import Api, global_id
from tests.support.audit import LIST, RETIRE, SUSPEND, entries, listed
from tests.support.world import World


async def test_what_one_above_did_is_told_to_the_provider_that_it_was_done_to(api: Api, world: World) -> None:
    parent = await world.provider()
    child = await world.provider(parent=parent)
    driver = await world.driver(child)
    admin = api.as_role(Role.PROVIDER_ADMIN, parent.id, subject="paul")
    await admin.data(SUSPEND, {"i": {"driverId": global_id("Driver", driver.id)}})
    (entry,) = await listed(api.as_role(Role.AUDITOR, child.id))
    assert (entry["actor"], entry["actorFleetProvider"]) == ("provider_admin:paul", None)
    assert await listed(api.as_role(Role.AUDITOR, parent.id)) == []
    (entry,) = await listed(admin)
    assert (entry["actor"], entry["actorFleetProvider"]["id"]) == (
        "provider_admin:paul",
        global_id("FleetProvider", parent.id),
    )


@pytest.mark.parametrize("role", [role for role in Role if Permission.AUDIT_READ not in permissions_of(role)])
async def test_nobody_else_may_read_it(api: Api, world: World, role: Role) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    await api.as_role(Role.DISPATCHER, north.id).data(SUSPEND, {"i": {"driverId": global_id("Driver", driver.id)}})
    subject = str((await world.driver(north)).id) if role is Role.DRIVER else "someone"
    asked = api.as_role(role, north.id, subject=subject)
    answer = await asked.execute(LIST)
    assert (answer.data, answer.codes) == ({"auditEntries": None}, ["FORBIDDEN"])
    (entry,) = await entries(world)
    node = await asked.data("query($id: ID!) { node(id: $id) { id } }", {"id": global_id("AuditEntry", entry.id)})
    assert node == {"node": None}


async def test_a_tenant_sees_its_own_trail(api: Api, world: World) -> None:
    providers = [await world.provider() for _ in range(2)]
    for provider in providers:
        driver = await world.driver(provider)
        await api.as_role(Role.DISPATCHER, provider.id).data(
            SUSPEND, {"i": {"driverId": global_id("Driver", driver.id)}}
        )
    north = providers[0]
    mine, theirs = await entries(world)
    auditor = api.as_role(Role.AUDITOR, north.id)
    assert [each["id"] for each in await listed(auditor)] == [global_id("AuditEntry", mine.id)]
    assert await listed(auditor, filter={"entityId": global_id("Driver", theirs.entity_id)}) == []
    assert len(await listed(api.as_role(Role.PLATFORM_OPS))) == 2
    ids = [global_id("AuditEntry", each.id) for each in (mine, theirs)]
    found = await auditor.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids})
    assert found == {"nodes": [{"id": ids[0]}, None]}


async def test_it_is_listed_by_whom_what_which_and_when(api: Api, world: World) -> None:
    north = await world.provider()
    vehicle, drivers = await world.vehicle(north), [await world.driver(north) for _ in range(3)]
    for subject, driver in zip(("anna", "bert", "anna"), drivers, strict=True):
        asked = {"i": {"driverId": global_id("Driver", driver.id)}}
        await api.as_role(Role.DISPATCHER, north.id, subject=subject).data(SUSPEND, asked)
    retired = {"i": {"vehicleId": global_id("Vehicle", vehicle.id)}}
    await api.as_role(Role.DISPATCHER, north.id, subject="anna").data(RETIRE, retired)
    auditor = api.as_role(Role.AUDITOR, north.id)
    newest_first = await listed(auditor)
    ids = [each["id"] for each in newest_first]
    assert [each["entityId"] for each in newest_first] == [
        global_id("Vehicle", vehicle.id),
        *(global_id("Driver", driver.id) for driver in reversed(drivers)),
    ]
    assert [each["id"] for each in await listed(auditor, order={"direction": "ASC"})] == ids[::-1]

    async def found(**filter: str) -> list[str]:
        return [each["id"] for each in await listed(auditor, filter=filter)]

    assert await found(actor="dispatcher:anna") == [ids[0], ids[1], ids[3]]
    assert await found(actor="dispatcher:anna", action="SUSPEND_DRIVER") == [ids[1], ids[3]]
    assert await found(entityId=newest_first[2]["entityId"]) == [ids[2]]
    assert await found(outcome="REFUSED") == []
    begin, end = newest_first[2]["occurredAt"], newest_first[1]["occurredAt"]
    if begin < end < newest_first[0]["occurredAt"] and newest_first[3]["occurredAt"] < begin:  # to the millisecond
        assert await found(**{"from": begin, "to": end}) == [ids[2]]
    page = (await auditor.data(LIST, {"first": 3}))["auditEntries"]
    rest = await listed(auditor, first=3, after=page["edges"][-1]["cursor"])
    assert [each["node"]["id"] for each in page["edges"]] + [each["id"] for each in rest] == ids
    assert page["totalCount"] == 4


@pytest.mark.parametrize(
    ("filter", "field"),
    [
        ({"entityId": "x"}, "filter.entityId"),
        ({"action": "suspendDriver"}, "filter.action"),
        ({"from": "1999-01-01T00:00:00Z"}, "filter.from"),
        ({"actor": ""}, "filter.actor"),
    ],
)
async def test_a_filter_that_cannot_be_right_is_refused(
    api: Api, world: World, filter: dict[str, str], field: str
) -> None:
    answer = await api.as_role(Role.AUDITOR, (await world.provider()).id).execute(LIST, {"filter": filter})
    assert [error["extensions"]["field"] for error in answer.errors] == [field]
    assert answer.errors[0]["extensions"]["httpStatus"] == 400
