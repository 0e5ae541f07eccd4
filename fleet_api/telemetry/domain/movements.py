from abc import ABC, abstractmethod
from collections.abc import Collection
from uuid import UUID


class Movements(ABC):
    """Who wants to know that vehicles moved, once it is true."""

    @abstractmethod
    def moved(self, provider_id: UUID, vehicle_ids: Collection[UUID]) -> None:
        """The unit of work changes the latest position of these vehicles of the provider."""
