"""Providers in memory, as the port describes them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_repository import (
    FleetProviderListing,
    FleetProviderRepository,
    Obligation,
    Obligations,
)
from fleet_api.shared.domain.output_context import ConstraintViolation
from fleet_api.shared.domain.page import Page, PageRequest
from fleet_api.shared.domain.text import Text
from tests.support.pages import page_of


class FakeFleetProviderRepository(FleetProviderRepository):
    def __init__(self, *providers: FleetProvider) -> None:
        self.rows = {provider.id: provider for provider in providers}

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, FleetProvider]:
        return {id: self.rows[id] for id in ids if id in self.rows}

    async def hold(self, id: UUID) -> FleetProvider | None:
        return self.rows.get(id)

    async def page(self, listing: FleetProviderListing) -> Page[FleetProvider]:
        return page_of(list(self.rows.values()), listing.page)

    async def pages_of_children(self, parents: Sequence[UUID], page: PageRequest) -> Mapping[UUID, Page[FleetProvider]]:
        return {
            parent: page_of([row for row in self.rows.values() if row.parent_id == parent], page) for parent in parents
        }

    async def add(self, provider: FleetProvider) -> None:
        if any(self._same_tax_id(provider, row) for row in self.rows.values()):
            raise ConstraintViolation("uq_fleet_providers_country_code_tax_id")
        self.rows[provider.id] = provider

    async def save(self, provider: FleetProvider) -> None:
        others = (row for row in self.rows.values() if row.id != provider.id)
        if any(self._same_tax_id(provider, row) for row in others):
            raise ConstraintViolation("uq_fleet_providers_country_code_tax_id")
        self.rows[provider.id] = provider

    def _same_tax_id(self, one: FleetProvider, other: FleetProvider) -> bool:
        return (one.country_code, one.tax_id) == (other.country_code, other.tax_id)


class FakeObligations(Obligations):
    def __init__(self, *owing: UUID) -> None:
        self._owing = owing

    async def open_at(self, provider_id: UUID) -> Obligation | None:
        return Obligation(Text("A vehicle is out.", "Un vehículo está fuera.")) if provider_id in self._owing else None
