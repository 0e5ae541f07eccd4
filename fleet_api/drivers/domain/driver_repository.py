from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from uuid import UUID

from fleet_api.drivers.domain.driver_dto import DriverFilter, DriverOrder
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import Page

DriverListing = Listing[DriverFilter, DriverOrder]


class DriverRepository(ABC):
    """Drivers, as far as the viewer may see them."""

    @abstractmethod
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Driver]:
        """Unknown ids are absent."""

    @abstractmethod
    async def hold(self, id: UUID) -> Driver | None:
        """The driver, locked until the unit of work ends."""

    @abstractmethod
    async def page(self, listing: DriverListing) -> Page[Driver]: ...

    @abstractmethod
    async def pages_of_providers(
        self, providers: Sequence[UUID], listing: DriverListing
    ) -> Mapping[UUID, Page[Driver]]:
        """A page for every provider."""

    @abstractmethod
    async def count_of_providers(self, providers: Sequence[UUID]) -> Mapping[UUID, int]:
        """How many drivers each has who are not offboarded."""

    @abstractmethod
    async def add(self, driver: Driver) -> None:
        """Raises `ConstraintViolation` when the phone or the e-mail is taken at its provider."""

    @abstractmethod
    async def save(self, driver: Driver) -> None:
        """Raises `ConstraintViolation` when the phone or the e-mail is taken at its provider."""
