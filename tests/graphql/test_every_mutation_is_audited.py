"""A mutation that changes something leaves its entry in the audit trail: whoever adds one needs no line here."""

import re
from typing import Any
from uuid import UUID

import pytest

from fleet_api.shared.domain.permission import Role
from tests.graphql.test_every_mutation_tells import MUTATIONS, PASSWORD, TOLD, scene, submit
from tests.graphql.test_idempotency import invitation
from tests.support.api import Api, global_id, local_id
from tests.support.audit import entries
from tests.support.world import World

_SESSION = """mutation($i: LoginInput!) { login(input: $i) { ... on DriverSession { refreshToken } } }"""
_FENCE = {"name": "Depot", "shape": {"circle": {"center": {"latitude": 59.9, "longitude": 10.7}, "radiusM": 500}}}
_OF_SESSIONS = ("refreshToken", "logout")
_OF_GEOFENCES = ("createGeofence", "deleteGeofence")
_TARGETS = ("vehicleId", "driverId", "geofenceId", "fleetProviderId")
_MAKES = ("register", "invite", "create")
_ABOUT = dict.fromkeys(("login", *_OF_SESSIONS), "Driver") | {
    mutation: next(kind for kind in ("FleetProvider", "Driver", "Vehicle", "Geofence") if kind in mutation)
    for mutation in MUTATIONS
    if mutation not in {"login", "recordTelemetry", *_OF_SESSIONS}
}


def test_every_mutation_is_tried() -> None:
    """Measurements leave none: `recordTelemetry`."""
    assert {*TOLD, *_OF_SESSIONS, *_OF_GEOFENCES} == {*MUTATIONS} - {"recordTelemetry"}


@pytest.mark.parametrize("mutation", TOLD)
async def test_a_mutation_leaves_its_entry(mutation: str, api: Api, world: World) -> None:
    ids = await scene(world)
    ops = api.as_role(Role.PLATFORM_OPS, subject="olga")
    if mutation == "login":
        await submit(ops, "inviteDriver", invitation(fleetProviderId=ids["provider"], password=PASSWORD)["input"])
    asked = TOLD[mutation][0](ids)
    await _leaves_one(ops, world, mutation, asked)


@pytest.mark.parametrize("mutation", _OF_SESSIONS)
async def test_a_session_leaves_its_entry(mutation: str, api: Api, world: World) -> None:
    ids = await scene(world)
    ops = api.as_role(Role.PLATFORM_OPS)
    await submit(ops, "inviteDriver", invitation(fleetProviderId=ids["provider"], password=PASSWORD)["input"])
    session = await api.data(_SESSION, {"i": {"phone": "+4791234567", "password": PASSWORD}})
    entry = await _leaves_one(api, world, mutation, {"refreshToken": session["login"]["refreshToken"]})
    assert (entry.role, entry.actor) == (Role.DRIVER, f"driver:{entry.entity_id}")


async def test_a_geofence_leaves_its_entries(api: Api, world: World) -> None:
    ids = await scene(world)
    admin = api.as_role(Role.PROVIDER_ADMIN, UUID(local_id(ids["provider"])))
    created = await _leaves_one(admin, world, "createGeofence", _FENCE)
    geofences = await admin.data("{ geofences { edges { node { id } } } }")
    id = geofences["geofences"]["edges"][0]["node"]["id"]
    assert str(created.entity_id) == local_id(id)
    await _leaves_one(admin, world, "deleteGeofence", {"geofenceId": id})


@pytest.mark.parametrize("mutation", [each for each in TOLD if each not in {"login", "registerFleetProvider"}])
async def test_what_is_refused_or_undone_leaves_none(mutation: str, api: Api, world: World) -> None:
    """Here a stale version, or a provider that nobody has."""
    ids = await scene(world)
    asked = TOLD[mutation][0](ids)
    field = MUTATIONS[mutation].args["input"].type.of_type.fields
    wrong = {"expectedVersion": 7} if "expectedVersion" in field else {"fleetProviderId": ids["stopped"]}
    document = f"mutation($i: {MUTATIONS[mutation].args['input'].type}) {{ r: {mutation}(input: $i) {{ __typename }} }}"
    answer = await api.as_role(Role.PLATFORM_OPS).data(document, {"i": asked | wrong})
    assert answer["r"]["__typename"] == "Conflict"
    assert await entries(world) == []


async def _leaves_one(api: Api, world: World, mutation: str, asked: dict[str, Any]) -> Any:
    before = await entries(world)
    await submit(api, mutation, asked)
    (entry,) = (await entries(world))[len(before) :]
    assert entry.action == re.sub(r"(?=[A-Z])", "_", mutation).upper()
    assert (entry.outcome, entry.code) == ("DONE", None)
    assert entry.fleet_provider_id is not None
    assert entry.entity_type == _ABOUT[mutation]
    target = next((asked[name] for name in _TARGETS if name in asked and not mutation.startswith(_MAKES)), None)
    assert entry.entity_id if target is None else global_id(entry.entity_type, entry.entity_id) == target
    return entry
