"""What the phones follow: the vehicles and drivers of one provider, in a database that may be written into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import orjson
from strawberry.relay import to_base64

from benchmarks.live.servers import Place
from benchmarks.workloads import PROVIDER
from benchmarks.worlds import WRITES, Worlds
from fleet_api.graphql.app import make_services
from fleet_api.settings import Settings
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role

_VEHICLES = "SELECT id FROM vehicles WHERE fleet_provider_id = $1 ORDER BY status = 'RETIRED', id"
_DRIVERS = "SELECT id FROM drivers WHERE fleet_provider_id = $1 AND status = 'ACTIVE' ORDER BY id LIMIT $2"
_DRIVERS_ASKED = 2_000
_TTL = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class World:
    """vehicle_ids: those that are retired come last. vehicles: their global ids, in the same order. token: a
    dispatcher's. drivers: with their tokens."""

    url: str
    vehicle_ids: Sequence[UUID]
    vehicles: Sequence[str]
    token: str
    drivers: Sequence[tuple[UUID, str]]
    place: Place


def world_of(worlds: Worlds, data_dir: Path) -> World:
    """data_dir: where our signing key lies, and what the servers need is put."""
    ids = [row["id"] for row in worlds.rows(WRITES, _VEHICLES, PROVIDER)]
    drivers = [row["id"] for row in worlds.rows(WRITES, _DRIVERS, PROVIDER, _DRIVERS_ASKED)]
    vehicles = [to_base64("Vehicle", id) for id in ids]
    file = data_dir / "vehicles.json"
    file.write_bytes(orjson.dumps(vehicles))
    services = make_services(Settings(data_dir=data_dir))

    def token(role: Role, subject: str) -> str:
        return services.tokens.issue(
            role=role, subject=subject, provider_id=PROVIDER, ttl=_TTL, now=services.now(), jti=new_id()
        )

    return World(
        worlds.url(WRITES),
        ids,
        vehicles,
        token(Role.DISPATCHER, "bench"),
        [(id, token(Role.DRIVER, str(id))) for id in drivers],
        Place(worlds.url(WRITES), data_dir, file),
    )
