"""What a principal may spend: a bucket of cost that refills."""

import math
from collections import OrderedDict
from time import monotonic
from typing import Protocol

from fleet_api.graphql.limits.limits_errors import budget_spent
from fleet_api.shared.domain.output_context import Refused

_REMEMBERED = 100_000


class Budget(Protocol):
    limit: int
    refill: int
    """Per second."""

    async def spend(self, principal: str, cost: int) -> int:
        """Takes the cost, and tells what is left. cost: at most `limit`. Raises `Refused` (BUDGET_SPENT) where there is
        less, and takes nothing."""
        ...


class OwnBudget:
    """Of this process alone."""

    def __init__(self, limit: int, refill: int) -> None:
        self.limit = limit
        self.refill = refill
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def spend(self, principal: str, cost: int) -> int:
        now = monotonic()
        level, at = self._buckets.get(principal, (self.limit, now))
        level = min(self.limit, level + (now - at) * self.refill)
        if cost > level:
            raise Refused(budget_spent(math.ceil((cost - level) / self.refill)))
        if not cost:
            return int(level)
        self._buckets[principal] = level - cost, now
        self._buckets.move_to_end(principal)
        if len(self._buckets) > _REMEMBERED:  # whoever spent nothing for longest has most of it back
            self._buckets.popitem(last=False)
        return int(level - cost)
