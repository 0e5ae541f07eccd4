from collections.abc import Collection
from uuid import UUID

from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.telemetry.domain.movements import Movements


class TransactionMovements(Movements):
    """Leaves word with the transaction, for whoever tells of it after the commit."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def moved(self, provider_id: UUID, vehicle_ids: Collection[UUID]) -> None:
        self._transaction.moved.setdefault(provider_id, set()).update(vehicle_ids)
