"""What a principal may spend: a bucket of cost that refills."""

import math
from collections import OrderedDict
from time import monotonic
from typing import NamedTuple, Protocol

_REMEMBERED = 100_000


class Balance(NamedTuple):
    """remaining: what is left, rounded down. retry_after: seconds until what was refused can be paid; None where it
    was paid."""

    remaining: int
    retry_after: int | None = None


class Budget(Protocol):
    limit: int
    refill: int
    """Per second."""

    async def spend(self, principal: str, cost: int) -> Balance:
        """Takes the cost, or nothing where there is less. cost: at most `limit`."""
        ...


class OwnBudget:
    """Of this process alone."""

    def __init__(self, limit: int, refill: int) -> None:
        self.limit = limit
        self.refill = refill
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def spend(self, principal: str, cost: int) -> Balance:
        now = monotonic()
        level, at = self._buckets.get(principal, (self.limit, now))
        level = min(self.limit, level + (now - at) * self.refill)
        if cost > level:
            return Balance(int(level), math.ceil((cost - level) / self.refill))
        if not cost:
            return Balance(int(level))
        self._buckets[principal] = level - cost, now
        self._buckets.move_to_end(principal)
        if len(self._buckets) > _REMEMBERED:  # whoever spent nothing for longest has most of it back
            self._buckets.popitem(last=False)
        return Balance(int(level - cost))
