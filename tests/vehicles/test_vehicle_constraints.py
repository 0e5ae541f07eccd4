"""What the database itself refuses, whoever writes and however many at once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_assignment_dto import AssignVehicleDto
from fleet_api.vehicles.infrastructure.vehicles_depends import assign_vehicle_depends
from tests.support.world import World

_RACERS = 20


def _day(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


async def _race(database_url: str, services: Services, viewer: Viewer, dtos: list[AssignVehicleDto]) -> Counter[str]:
    """All at once, each over a connection of its own."""
    database = Database(database_url, pool_size=len(dtos))
    unit_of_work = UnitOfWork(database, services)
    outputs = await asyncio.gather(*(unit_of_work.write(assign_vehicle_depends, dto, viewer) for dto in dtos))
    await database.close()
    return Counter(output.code if isinstance(output, OutputErrorContext) else "SUCCESS" for output in outputs)


async def test_vehicles_rule_1_of_twenty_who_take_one_vehicle_one_gets_it(
    world: World, services: Services, database_url: str
) -> None:
    north = await world.provider()
    vehicle = await world.vehicle(north)
    dtos = [AssignVehicleDto(vehicle_id=vehicle.id, driver_id=(await world.driver(north)).id) for _ in range(_RACERS)]
    codes = await _race(database_url, services, Viewer("a", Role.DISPATCHER, north.id), dtos)
    assert codes == {"SUCCESS": 1, "VEHICLE_ALREADY_ASSIGNED": _RACERS - 1}


async def test_vehicles_rule_1_of_twenty_vehicles_given_to_one_driver_one_is_taken(
    world: World, services: Services, database_url: str
) -> None:
    north = await world.provider()
    driver = await world.driver(north)
    dtos = [AssignVehicleDto(vehicle_id=(await world.vehicle(north)).id, driver_id=driver.id) for _ in range(_RACERS)]
    codes = await _race(database_url, services, Viewer("a", Role.DISPATCHER, north.id), dtos)
    assert codes == {"SUCCESS": 1, "DRIVER_ALREADY_HOLDS_A_VEHICLE": _RACERS - 1}


async def test_vehicles_rule_1_assignments_may_meet_but_never_overlap(world: World) -> None:
    north = await world.provider()
    vehicle, driver, other = await world.vehicle(north), await world.driver(north), await world.driver(north)
    await world.assignment(vehicle, driver, started_at=_day(1), ended_at=_day(5))
    await world.assignment(vehicle, other, started_at=_day(5))
    with pytest.raises(IntegrityError, match="ex_vehicle_assignments_vehicle"):
        await world.assignment(vehicle, driver, started_at=_day(9))
    with pytest.raises(IntegrityError, match="ex_vehicle_assignments_driver"):
        await world.assignment(await world.vehicle(north), driver, started_at=_day(4), ended_at=_day(6))


async def test_no_assignment_crosses_providers(world: World) -> None:
    north, harbor = await world.provider(), await world.provider()
    vehicle = await world.vehicle(north)
    with pytest.raises(IntegrityError, match="fk_vehicle_assignments_fleet_provider_id_driver_id"):
        await world.assignment(vehicle, await world.driver(harbor))
    with pytest.raises(IntegrityError, match="fk_vehicle_assignments_fleet_provider_id_vehicle_id"):
        await world.assignment(vehicle, await world.driver(harbor), fleet_provider_id=harbor.id)


@pytest.mark.parametrize("odometer_m", [-1, 2**31])
async def test_no_odometer_is_beyond_what_the_graph_can_say(world: World, odometer_m: int) -> None:
    with pytest.raises(IntegrityError, match="ck_vehicles_odometer_m"):
        await world.vehicle(await world.provider(), odometer_m=odometer_m)


async def test_vehicles_rule_2_vins_are_unique_across_providers(world: World) -> None:
    first: Vehicle = await world.vehicle(await world.provider())
    with pytest.raises(IntegrityError, match="uq_vehicles_vin"):
        await world.vehicle(await world.provider(), vin=first.vin)
