"""What the database itself refuses, whoever writes and however many at once."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.output_context import OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.vehicle_assignment_dto import AssignVehicleDto, ReleaseVehicleDto
from fleet_api.vehicles.infrastructure.vehicles_depends import (
    assign_vehicle_depends,
    read_current_drivers_depends,
    release_vehicle_depends,
)
from tests.support.world import World

_RACERS = 20


def _day(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


async def _race(database_url: str, services: Services, viewer: Viewer, dtos: list[AssignVehicleDto]) -> Counter[str]:
    """All at once, each over a connection of its own."""
    database = Database(database_url, pool_size=2 * len(dtos))
    unit_of_work = UnitOfWork(database, services)
    outputs = await asyncio.gather(*(unit_of_work.write(assign_vehicle_depends, dto, viewer) for dto in dtos))
    await database.close()
    return Counter(output.code if isinstance(output, OutputErrorContext) else "SUCCESS" for output in outputs)


async def test_of_twenty_who_take_one_vehicle_one_gets_it(world: World, services: Services, database_url: str) -> None:
    """vehicles rule 1."""
    north = await world.provider()
    vehicle = await world.vehicle(north)
    dtos = [AssignVehicleDto(vehicle_id=vehicle.id, driver_id=(await world.driver(north)).id) for _ in range(_RACERS)]
    codes = await _race(database_url, services, Viewer("a", Role.DISPATCHER, north.id), dtos)
    assert codes == {"SUCCESS": 1, "VEHICLE_ALREADY_ASSIGNED": _RACERS - 1}


async def test_of_twenty_vehicles_given_to_one_driver_one_is_taken(
    world: World, services: Services, database_url: str
) -> None:
    """vehicles rule 1."""
    north = await world.provider()
    driver = await world.driver(north)
    dtos = [AssignVehicleDto(vehicle_id=(await world.vehicle(north)).id, driver_id=driver.id) for _ in range(_RACERS)]
    codes = await _race(database_url, services, Viewer("a", Role.DISPATCHER, north.id), dtos)
    assert codes == {"SUCCESS": 1, "DRIVER_ALREADY_HOLDS_A_VEHICLE": _RACERS - 1}


async def test_assignments_may_meet_but_never_overlap(world: World) -> None:
    """vehicles rule 1."""
    north = await world.provider()
    vehicle, driver, other = await world.vehicle(north), await world.driver(north), await world.driver(north)
    await world.assignment(vehicle, driver, started_at=_day(1), ended_at=_day(5))
    await world.assignment(vehicle, other, started_at=_day(5))
    with pytest.raises(IntegrityError, match="ex_vehicle_assignments_vehicle"):
        await world.assignment(vehicle, driver, started_at=_day(9))
    with pytest.raises(IntegrityError, match="ex_vehicle_assignments_driver"):
        await world.assignment(await world.vehicle(north), driver, started_at=_day(4), ended_at=_day(6))


@pytest.mark.parametrize("again", ["vehicle", "driver", "both"])
async def test_what_a_server_with_a_fast_clock_released_is_free_on_every_other(
    world: World, services: Services, database_url: str, again: str
) -> None:
    north = await world.provider()
    vehicle, driver = await world.vehicle(north), await world.driver(north)
    next_vehicle = await world.vehicle(north) if again == "driver" else vehicle
    next_driver = await world.driver(north) if again == "vehicle" else driver
    viewer, noon = Viewer("a", Role.DISPATCHER, north.id), _day(1)
    database = Database(database_url, pool_size=1)
    slow, fast = (
        UnitOfWork(database, replace(services, now=lambda at=noon + ahead: at))
        for ahead in (timedelta(0), timedelta(milliseconds=200))
    )
    handover = AssignVehicleDto(vehicle_id=vehicle.id, driver_id=driver.id)
    assert isinstance(await fast.write(assign_vehicle_depends, handover, viewer), OutputSuccessContext)
    back = await fast.write(release_vehicle_depends, ReleaseVehicleDto(vehicle_id=vehicle.id), viewer)
    assert isinstance(back, OutputSuccessContext)
    handover = AssignVehicleDto(vehicle_id=next_vehicle.id, driver_id=next_driver.id)
    out = await slow.write(assign_vehicle_depends, handover, viewer)
    assert isinstance(out, OutputSuccessContext)
    assert out.data.started_at == back.data.ended_at
    holders = await slow.read(read_current_drivers_depends, Batch([next_vehicle.id], None), viewer)
    assert holders == OutputSuccessContext({next_vehicle.id: next_driver})
    await database.close()


async def test_no_assignment_ends_as_it_begins(world: World) -> None:
    """vehicles rule 1: a span without length overlaps nothing, not even the one that it lies in."""
    north = await world.provider()
    with pytest.raises(IntegrityError, match="ck_vehicle_assignments_ended_at"):
        await world.assignment(
            await world.vehicle(north), await world.driver(north), started_at=_day(1), ended_at=_day(1)
        )


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


async def test_vins_are_unique_across_providers(world: World) -> None:
    """vehicles rule 2."""
    first: Vehicle = await world.vehicle(await world.provider())
    with pytest.raises(IntegrityError, match="uq_vehicles_vin"):
        await world.vehicle(await world.provider(), vin=first.vin)


@pytest.mark.parametrize("plate", ["EL12345", "EL-12345", "E L-1 2345"])
async def test_plates_that_differ_by_spaces_or_hyphens_are_one(world: World, plate: str) -> None:
    north = await world.provider()
    await world.vehicle(north, plate="EL 12345")
    with pytest.raises(IntegrityError, match="uq_vehicles_plate_country_plate"):
        await world.vehicle(north, plate=plate)
    await world.vehicle(north, plate=plate, plate_country="SE")


async def test_only_retired_vehicles_leave_their_vin_and_plate_to_others(world: World) -> None:
    """vehicles rule 2: and of those that are not retired, one has it."""
    north, harbor = await world.provider(), await world.provider()
    sold = await world.vehicle(north, status=VehicleStatus.RETIRED)
    await world.vehicle(harbor, vin=sold.vin, plate=sold.plate, status=VehicleStatus.OUT_OF_SERVICE)
    with pytest.raises(IntegrityError, match="uq_vehicles_vin"):
        await world.vehicle(north, vin=sold.vin)
    with pytest.raises(IntegrityError, match="uq_vehicles_plate_country_plate"):
        await world.vehicle(north, plate=sold.plate)
