from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from uuid import UUID

from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import Page
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.vehicle_model_dto import ImportedModels, VehicleModelFilter, VehicleModelOrder

VehicleModelListing = Listing[VehicleModelFilter, VehicleModelOrder]


class VehicleModelRepository(ABC):
    """The catalogue, which all providers share."""

    @abstractmethod
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, VehicleModel]:
        """Unknown ids are absent."""

    @abstractmethod
    async def page(self, listing: VehicleModelListing) -> Page[VehicleModel]: ...

    @abstractmethod
    async def put(self, models: Sequence[VehicleModel]) -> ImportedModels:
        """Adds the models, one at least.

        A model whose make, name, variant and year are known keeps its id and learns the rest.
        Of several that bear the same four, the last counts, and the others said nothing new.
        """
