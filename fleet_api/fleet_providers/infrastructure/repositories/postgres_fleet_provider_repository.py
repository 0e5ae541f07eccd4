from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import insert, select, update

from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_dto import FleetProviderOrder, FleetProviderOrderField
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderListing, FleetProviderRepository
from fleet_api.fleet_providers.infrastructure.repositories.fleet_providers_table import fleet_providers
from fleet_api.shared.domain.page import Page, PageRequest
from fleet_api.shared.infrastructure.keyset import Keyset, Order
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among, containing, given, like
from fleet_api.shared.infrastructure.tenancy import TenantConnection

_ORDERS = {
    FleetProviderOrderField.CREATED_AT: fleet_providers.c.id,
    FleetProviderOrderField.LEGAL_NAME: fleet_providers.c.legal_name,
}


_BY_IDS = Prepared(select(fleet_providers).where(among(fleet_providers.c.id, "ids")), FleetProvider)
_LISTED = Keyset(
    fleet_providers,
    FleetProvider,
    among(fleet_providers.c.status, "statuses"),
    like(fleet_providers.c.legal_name, "search"),
)


class PostgresFleetProviderRepository(FleetProviderRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, FleetProvider]:
        return {provider.id: provider for provider in await self._connection.read(_BY_IDS, ids=ids)}

    async def hold(self, id: UUID) -> FleetProvider | None:
        row = await self._connection.row(select(fleet_providers).where(fleet_providers.c.id == id).with_for_update())
        return FleetProvider(*row) if row else None

    async def page(self, listing: FleetProviderListing) -> Page[FleetProvider]:
        order = _order(listing.order_by or FleetProviderOrder())
        return await _LISTED.page(self._connection, listing.page, order, given(listing.filter, search=containing))

    async def pages_of_children(self, parents: Sequence[UUID], page: PageRequest) -> Mapping[UUID, Page[FleetProvider]]:
        oldest_first = _order(FleetProviderOrder())
        return await _LISTED.pages(self._connection, page, oldest_first, fleet_providers.c.parent_id, parents, {})

    async def add(self, provider: FleetProvider) -> None:
        await self._connection.execute(insert(fleet_providers).values(asdict(provider)))

    async def save(self, provider: FleetProvider) -> None:
        statement = update(fleet_providers).where(fleet_providers.c.id == provider.id).values(asdict(provider))
        await self._connection.execute(statement)


def _order(by: FleetProviderOrder) -> Order:
    return Order(_ORDERS[by.field], by.direction)
