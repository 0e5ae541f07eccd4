"""The simulator drives the demo on: telemetry moves, and nothing of it is refused."""

import asyncpg
import pytest

from fleet_api.demo.simulate import SimulationError, simulate
from fleet_api.shared.infrastructure.resources import Services
from tests.demo.conftest import SMALL

_LATEST = "SELECT vehicle_id, recorded_at, odometer_m, energy_out_wh FROM latest_telemetry"


async def test_every_vehicle_goes_on_from_where_it_was(small_url: str, services: Services) -> None:
    connection = await asyncpg.connect(small_url.replace("+asyncpg", ""))
    before = {row["vehicle_id"]: row for row in await connection.fetch(_LATEST)}
    accepted = await simulate(small_url, services, every_s=1, for_s=2.5)
    after = {row["vehicle_id"]: row for row in await connection.fetch(_LATEST)}
    await connection.close()
    assert accepted >= 2 * 2 * SMALL.vehicles
    assert accepted % (2 * SMALL.vehicles) == 0
    for id, row in before.items():
        assert after[id]["recorded_at"] > row["recorded_at"]
        assert after[id]["odometer_m"] >= row["odometer_m"]
        assert after[id]["energy_out_wh"] >= row["energy_out_wh"]
    assert sum(after[id]["odometer_m"] > row["odometer_m"] for id, row in before.items()) > SMALL.vehicles / 2


async def test_an_empty_battery_stays_empty(small_url: str, services: Services) -> None:
    connection = await asyncpg.connect(small_url.replace("+asyncpg", ""))
    await connection.execute("UPDATE latest_telemetry SET state_of_charge_pct = 0")
    await simulate(small_url, services, every_s=1, for_s=0.5)
    charged = await connection.fetchval("SELECT max(state_of_charge_pct) FROM latest_telemetry")
    await connection.close()
    assert charged < 5


async def test_without_a_demo_it_says_so(database_url: str, services: Services) -> None:
    with pytest.raises(SimulationError, match="FLEET_SEED=demo"):
        await simulate(database_url, services, every_s=1, for_s=1)
