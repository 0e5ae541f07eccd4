"""What operations stand on that are to be answered twice alike: the demo as it is at one instant."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from fleet_api.demo.demo_ids import provider_id
from fleet_api.graphql.app import make_app
from fleet_api.graphql.context import Context
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from tests.support.api import Api, local_id
from tests.support.arguments import Known
from tests.support.demo import ids_of
from tests.support.faults import Reads, StillReads
from tests.support.schema_walk import NODES

TENANTS = ["north", "harbor"]

_CURSORS = {
    "AuditEntryConnection": "auditEntries(first: 3) { edges { cursor } }",
    "FleetProviderConnection": "fleetProviders(first: 3) { edges { cursor } }",
    "DriverConnection": "drivers(first: 9) { edges { cursor } }",
    "VehicleConnection": "vehicles(first: 9) { edges { cursor } }",
    "VehicleModelConnection": "vehicleModels(first: 9) { edges { cursor } }",
    "GeofenceConnection": "geofences(first: 3) { edges { cursor } }",
    "VehicleAssignmentConnection": "drivers(first: 9) { edges { node { assignments { edges { cursor } } } } }",
    "TelemetryPointConnection": "vehicles(first: 4) { edges { node { telemetry(first: 2) { edges { cursor } } } } }",
    "TripConnection": "vehicles(first: 4) { edges { node { trips(first: 2) { edges { cursor } } } } }",
    "GeofenceCrossingConnection": "geofences { edges { node { crossings(first: 2) { edges { cursor } } } } }",
}
_HELD = "{ vehicles(first: 100) { edges { node { id currentDriver { id } } } } }"


class _Context(Context):
    """A context whose reads are others'."""

    reads: Reads

    async def read(self, depends: Any, dto: Any) -> Any:
        return await self.reads.read(depends, dto, self.viewer)


@dataclass(frozen=True, slots=True)
class Ground:
    """drivers: of each tenant, one who holds a vehicle. known: what each tenant's operations may name. ids: one of each
    kind of node."""

    unit_of_work: UnitOfWork
    reads: StillReads
    services: Services
    drivers: dict[str, str]
    known: dict[str, Known]
    ids: dict[str, str]

    def context(self, seed: int, role: Role | None, reads: Reads | None) -> Context:
        """reads: None for the database's own."""
        tenant = TENANTS[seed % 2]
        viewer = ANONYMOUS
        if role is not None:
            subject = self.drivers[tenant] if role is Role.DRIVER else "someone"
            viewer = Viewer(subject, role, None if role is Role.PLATFORM_OPS else provider_id(tenant))
        language = "es" if role is Role.DISPATCHER else "en"
        context = (_Context if reads else Context)(self.unit_of_work, self.services, viewer, language, "a-request")
        if reads:
            context.reads = reads
        return context


@asynccontextmanager
async def still_ground(settings: Settings, services: Services, demo_url: str) -> AsyncIterator[Ground]:
    now = services.now()
    services = replace(services, now=lambda: now)
    known, drivers = {}, {}
    unlimited = {name: sys.maxsize for name in settings.model_dump() if name.startswith("max_") or name == "budget"}
    app = make_app(settings.model_copy(update={**unlimited, "introspection": True}), demo_url)
    async with Api.serving(app, services) as api:
        auditors = {tenant: api.as_role(Role.AUDITOR, provider_id(tenant)) for tenant in TENANTS}
        ids = {tenant: {kind: await ids_of(auditors[tenant], kind, limit=6) for kind in NODES} for tenant in TENANTS}
        for own, foreign in zip(TENANTS, reversed(TENANTS), strict=True):
            held = next(each for each in _named("node", await auditors[own].data(_HELD)) if each["currentDriver"])
            drivers[own] = local_id(held["currentDriver"]["id"])
            # Mostly what the tenant's viewers may see, so that there is something to compare.
            of_driver = {"Driver": [held["currentDriver"]["id"]] * 16, "Vehicle": [held["id"]] * 16}
            some = {kind: ids[own][kind] * 3 + ids[foreign][kind] + of_driver.get(kind, []) for kind in NODES}
            pages = {kind: await auditors[own].data(f"{{ {asked} }}") for kind, asked in _CURSORS.items()}
            known[own] = Known(some, {kind: list(_named("cursor", page)) for kind, page in pages.items()}, now)
    some_ids = {kind: ids["north"][kind][0] for kind in NODES}
    database = Database(demo_url)
    unit_of_work = UnitOfWork(database, services, deadline_s=60)
    yield Ground(unit_of_work, StillReads(unit_of_work), services, drivers, known, some_ids)
    await database.close()


def _named(name: str, tree: Any) -> Iterator[Any]:
    """All values under a name, anywhere in an answer."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == name:
                yield value
            yield from _named(name, value)
    elif isinstance(tree, list):
        for each in tree:
            yield from _named(name, each)
