"""The same key, principal and body: the first answer, once."""

import asyncio
from typing import Any

from sqlalchemy import text

from fleet_api.shared.domain.permission import Role
from tests.support.api import Api, global_id
from tests.support.world import World

_INVITE = """mutation($input: InviteDriverInput!) { inviteDriver(input: $input) {
    __typename ... on Driver { id phone version fleetProvider { legalName } } ... on Error { code field } } }"""


def invitation(**fields: Any) -> dict[str, Any]:
    return {
        "input": {
            "fullName": "Kari Nordmann",
            "phone": "+4791234567",
            "email": "kari@example.com",
            "licenceNumber": "12 34 567890 1",
            "licenceCountry": "NO",
            "licenceClasses": ["B"],
            "licenceExpiresOn": "2040-01-01",
        }
        | fields
    }


async def _drivers(world: World) -> int:
    async with world.engine.connect() as connection:
        return (await connection.execute(text("SELECT count(*) FROM drivers"))).scalar_one()


async def test_a_repeated_request_is_answered_and_not_done_again(api: Api, world: World) -> None:
    north = await world.provider()
    asked = api.as_role(Role.DISPATCHER, north.id)
    first = await asked.data(_INVITE, invitation(idempotencyKey="k1"))
    again = await asked.data(_INVITE, invitation(idempotencyKey="k1"))
    assert first["inviteDriver"]["__typename"] == "Driver"
    assert again == first
    assert await _drivers(world) == 1


async def test_without_a_key_it_is_done_again(api: Api, world: World) -> None:
    north = await world.provider()
    asked = api.as_role(Role.DISPATCHER, north.id)
    await asked.data(_INVITE, invitation())
    again = await asked.data(_INVITE, invitation())
    assert again["inviteDriver"] == {"__typename": "Conflict", "code": "EMAIL_TAKEN", "field": "input.email"}


async def test_twenty_at_once_are_one(api: Api, world: World) -> None:
    north = await world.provider()
    asked = api.as_role(Role.DISPATCHER, north.id)
    answers = await asyncio.gather(*(asked.data(_INVITE, invitation(idempotencyKey="k1")) for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["inviteDriver"]["__typename"] == "Driver"
    assert await _drivers(world) == 1


async def test_another_body_is_refused(api: Api, world: World) -> None:
    north = await world.provider()
    asked = api.as_role(Role.DISPATCHER, north.id)
    await asked.data(_INVITE, invitation(idempotencyKey="k1"))
    other = await asked.data(_INVITE, invitation(idempotencyKey="k1", fullName="Ola Nordmann"))
    assert other["inviteDriver"]["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_another_use_case_is_another_body(api: Api, world: World) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    asked = api.as_role(Role.DISPATCHER, north.id)
    document = "mutation($i: %s!) { r: %s(input: $i) { __typename ... on Error { code } } }"
    variables = {"i": {"driverId": global_id("Driver", driver.id), "idempotencyKey": "k1"}}
    assert (await asked.data(document % ("SuspendDriverInput", "suspendDriver"), variables))["r"][
        "__typename"
    ] == "Driver"
    assert (await asked.data(document % ("OffboardDriverInput", "offboardDriver"), variables))["r"][
        "code"
    ] == "IDEMPOTENCY_KEY_REUSED"


async def test_another_principal_has_keys_of_their_own(api: Api, world: World) -> None:
    north = await world.provider()
    await api.as_role(Role.DISPATCHER, north.id, "anna").data(_INVITE, invitation(idempotencyKey="k1"))
    bert = api.as_role(Role.DISPATCHER, north.id, "bert")
    answer = await bert.data(_INVITE, invitation(idempotencyKey="k1", phone="+4791234568", email="ola@example.com"))
    assert answer["inviteDriver"]["__typename"] == "Driver"


async def test_a_refusal_is_replayed_even_when_its_cause_is_gone(api: Api, world: World) -> None:
    north = await world.provider()
    asked = api.as_role(Role.DISPATCHER, north.id)
    await world.driver(north, phone="+4791234567")
    refused = await asked.data(_INVITE, invitation(idempotencyKey="k1"))
    async with world.engine.begin() as connection:
        await connection.execute(text("DELETE FROM drivers"))
    again = await asked.data(_INVITE, invitation(idempotencyKey="k1"))
    assert again == refused
    assert refused["inviteDriver"]["code"] == "PHONE_TAKEN"
    assert await _drivers(world) == 0


async def test_no_password_can_be_read_or_guessed_from_what_is_kept(api: Api, world: World) -> None:
    north = await world.provider()
    body = invitation(idempotencyKey="k1", password="a very long password")
    await api.as_role(Role.DISPATCHER, north.id).data(_INVITE, body)
    async with world.engine.connect() as connection:
        kept = (await connection.execute(text("SELECT idempotency_keys::text FROM idempotency_keys"))).scalar_one()
    assert "a very long password" not in kept


async def test_a_key_must_be_plain(api: Api, world: World) -> None:
    north = await world.provider()
    asked = api.as_role(Role.DISPATCHER, north.id)
    for key in ("", "a b", "ä", "x" * 129, "\x00"):
        answer = await asked.data(_INVITE, invitation(idempotencyKey=key))
        assert answer["inviteDriver"]["__typename"] == "InvalidInput", key
        assert answer["inviteDriver"]["field"] == "input.idempotencyKey"
