from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.fleet_provider_dto import FleetProviderFilter, FleetProviderOrder
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import Page, PageRequest
from fleet_api.shared.domain.text import Text

FleetProviderListing = Listing[FleetProviderFilter, FleetProviderOrder]


class FleetProviderRepository(ABC):
    """Providers, as far as the viewer may see them."""

    @abstractmethod
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, FleetProvider]:
        """Unknown ids are absent."""

    @abstractmethod
    async def hold(self, id: UUID) -> FleetProvider | None:
        """The provider, locked until the unit of work ends."""

    @abstractmethod
    async def page(self, listing: FleetProviderListing) -> Page[FleetProvider]: ...

    @abstractmethod
    async def pages_of_children(self, parents: Sequence[UUID], page: PageRequest) -> Mapping[UUID, Page[FleetProvider]]:
        """A page for every parent, oldest child first."""

    @abstractmethod
    async def add(self, provider: FleetProvider) -> None:
        """Raises `ConstraintViolation` when its tax id is taken in its country."""

    @abstractmethod
    async def save(self, provider: FleetProvider) -> None:
        """Raises `ConstraintViolation` when its tax id is taken in its country."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """Why a provider cannot be closed yet."""

    what: Text


class Obligations(ABC):
    """What a context above still owes or is owed. Each such context has one; closing asks them all."""

    @abstractmethod
    async def open_at(self, provider_id: UUID) -> Obligation | None: ...
