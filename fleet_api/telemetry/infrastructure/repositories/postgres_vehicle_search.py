from sqlalchemy import select

from fleet_api.shared.domain.page import Page
from fleet_api.shared.infrastructure.keyset import Keyset, Order
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.telemetry.domain.telemetry_dto import VehiclesWithinAsked
from fleet_api.telemetry.domain.vehicle_search import VehicleSearch
from fleet_api.telemetry.infrastructure.repositories.positions_within import WITHIN, boxes
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import latest_telemetry
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.infrastructure.repositories.postgres_vehicle_repository import FILTERS, given_by
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicles

_there = (select(latest_telemetry.c.vehicle_id).where(condition) for condition in WITHIN)
_FOUND = Keyset(vehicles, Vehicle, *(vehicles.c.id.in_(there) for there in _there), *FILTERS)
_OLDEST_FIRST = Order(vehicles.c.id)


class PostgresVehicleSearch(VehicleSearch):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def within(self, asked: VehiclesWithinAsked) -> Page[Vehicle]:
        given = {**given_by(asked.filter), **boxes(asked.box.bounds)}
        return await _FOUND.page(self._connection, asked.page, _OLDEST_FIRST, given)
