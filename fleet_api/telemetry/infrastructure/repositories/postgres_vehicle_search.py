from sqlalchemy import select

from fleet_api.shared.domain.page import Page
from fleet_api.shared.infrastructure.keyset import Keyset
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.telemetry.domain.telemetry_dto import VehiclesWithinAsked
from fleet_api.telemetry.domain.vehicle_search import VehicleSearch
from fleet_api.telemetry.infrastructure.repositories.postgres_telemetry_repository import within
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import latest_telemetry
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_dto import VehicleFilter
from fleet_api.vehicles.infrastructure.repositories.postgres_vehicle_repository import fitting
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicles


class PostgresVehicleSearch(VehicleSearch):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def within(self, asked: VehiclesWithinAsked) -> Page[Vehicle]:
        there = select(latest_telemetry.c.vehicle_id).where(within(asked.box.bounds))
        where = vehicles.c.id.in_(there), *fitting(asked.filter or VehicleFilter())
        found = Keyset(vehicles.columns, Vehicle, vehicles.c.id, vehicles.c.id, where=where)
        return await found.page(self._connection, asked.page)
