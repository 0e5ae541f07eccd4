from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import ColumnElement, any_, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from fleet_api.shared.domain.page import Page
from fleet_api.shared.infrastructure.keyset import Keyset
from fleet_api.shared.infrastructure.statements import among, contains_text
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.vehicle_model_dto import (
    ImportedModels,
    VehicleModelFilter,
    VehicleModelOrder,
    VehicleModelOrderField,
)
from fleet_api.vehicles.domain.vehicle_model_repository import VehicleModelListing, VehicleModelRepository
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicle_models

_ORDERS = {
    VehicleModelOrderField.CREATED_AT: vehicle_models.c.id,
    VehicleModelOrderField.MAKE: vehicle_models.c.make,
    VehicleModelOrderField.YEAR: vehicle_models.c.year,
}
_KEY = ("make", "name", "variant", "year")
_LEARNT = ("usable_battery_kwh", "connector_types", "ac_max_kw", "dc_max_kw", "range_m")


class PostgresVehicleModelRepository(VehicleModelRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, VehicleModel]:
        rows = await self._connection.rows(select(vehicle_models).where(among(vehicle_models.c.id, ids)))
        return {row.id: VehicleModel(*row) for row in rows}

    async def page(self, listing: VehicleModelListing) -> Page[VehicleModel]:
        order = listing.order_by or VehicleModelOrder()
        conditions = _conditions(listing.filter or VehicleModelFilter())
        table = vehicle_models
        keyset = Keyset(table.columns, VehicleModel, _ORDERS[order.field], table.c.id, order.direction, conditions)
        return await keyset.page(self._connection, listing.page)

    async def put(self, models: Sequence[VehicleModel]) -> ImportedModels:
        # One statement cannot touch a row twice.
        fresh = {(model.make, model.name, model.variant, model.year): model for model in models}
        put = insert(vehicle_models).values([asdict(model) for model in fresh.values()])
        was, becomes = (tuple_(*(table[name] for name in _LEARNT)) for table in (vehicle_models.c, put.excluded))
        put = put.on_conflict_do_update(
            index_elements=_KEY,
            set_={name: put.excluded[name] for name in _LEARNT},
            where=was.is_distinct_from(becomes),
        )
        touched = {row.id for row in await self._connection.rows(put.returning(vehicle_models.c.id))}
        # A row that was there keeps its id, so those with an id of ours are new.
        inserted = len(touched & {model.id for model in fresh.values()})
        return ImportedModels(inserted, len(touched) - inserted, len(models) - len(touched))


def _conditions(filter: VehicleModelFilter) -> Sequence[ColumnElement[bool]]:
    columns = vehicle_models.c
    conditions: list[ColumnElement[bool]] = []
    if filter.make is not None:
        conditions.append(columns.make == filter.make)
    for word in (filter.search or "").split():
        conditions.append(or_(*(contains_text(text, word) for text in (columns.make, columns.name, columns.variant))))
    if filter.connector_type is not None:
        conditions.append(literal(filter.connector_type.value) == any_(columns.connector_types))
    return conditions
