"""A statement that is written once reads what is wanted, and makes entities of it."""

from dataclasses import FrozenInstanceError, asdict

import pytest

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.infrastructure.repositories.drivers_table import drivers
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.sight import Reach
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import latest_telemetry
from tests.support.world import World

_DRIVERS = Prepared(drivers.select(), Driver)


async def test_what_is_made_of_a_row_is_the_entity(world: World) -> None:
    driver = await world.driver(await world.provider())
    row = tuple(asdict(driver).values())
    (made,) = _DRIVERS.form(Reach.EVERYTHING, None).make([row])
    assert made == driver
    assert isinstance(made.status, DriverStatus)
    with pytest.raises(FrozenInstanceError):
        made.version = 2


def test_what_nobody_wants_is_neither_read_nor_there() -> None:
    form = _DRIVERS.form(Reach.PROVIDER, frozenset({"full_name"}))
    assert form.sql.split("\n")[0].strip() == "SELECT drivers.id, drivers.full_name"
    (made,) = form.make([("an id", "Kari")])
    assert (made.id, made.full_name) == ("an id", "Kari")
    with pytest.raises(AttributeError):
        _ = made.phone


def test_an_entity_that_has_a_base_is_made_too() -> None:
    form = Prepared(latest_telemetry.select(), TelemetryPoint).form(Reach.EVERYTHING, frozenset({"speed_kph"}))
    (made,) = form.make([(50.0, "a vehicle")])
    assert isinstance(made, TelemetryPoint)
    assert (made.speed_kph, made.vehicle_id) == (50.0, "a vehicle")


def test_each_reach_has_its_own_text() -> None:
    texts = {_DRIVERS.form(reach, None).sql for reach in Reach}
    assert len(texts) == len(Reach)
