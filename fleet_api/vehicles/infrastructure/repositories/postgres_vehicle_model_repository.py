from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import Text, all_, any_, bindparam, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, insert

from fleet_api.shared.domain.page import Page
from fleet_api.shared.infrastructure.keyset import Keyset, Order
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among, containing, given
from fleet_api.shared.infrastructure.tenancy import TenantConnection
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.vehicle_model_dto import (
    ImportedModels,
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


_named = func.concat_ws(" ", vehicle_models.c.make, vehicle_models.c.name, vehicle_models.c.variant)
_BY_IDS = Prepared(select(vehicle_models).where(among(vehicle_models.c.id, "ids")), VehicleModel)
_LISTED = Keyset(
    vehicle_models,
    VehicleModel,
    vehicle_models.c.make == bindparam("make"),
    # A word holds no space, so that none is found across two columns.
    _named.ilike(all_(bindparam("search", type_=ARRAY(Text)))),
    bindparam("connector_type", type_=Text) == any_(vehicle_models.c.connector_types),
)


class PostgresVehicleModelRepository(VehicleModelRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, VehicleModel]:
        return {model.id: model for model in await self._connection.read(_BY_IDS, ids=ids)}

    async def page(self, listing: VehicleModelListing) -> Page[VehicleModel]:
        by = listing.order_by or VehicleModelOrder()
        order, asked = Order(_ORDERS[by.field], by.direction), given(listing.filter, search=_each_word)
        return await _LISTED.page(self._connection, listing.page, order, asked)

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


def _each_word(search: str) -> Sequence[str]:
    return [containing(word) for word in search.split()]
