"""What a principal may spend: a bucket of cost that refills."""

import math
from collections.abc import Awaitable
from time import monotonic
from typing import Protocol

from fleet_api.graphql.limits.limits_errors import budget_spent
from fleet_api.shared.domain.output_context import Refused

_REMEMBERED = 50_000


class Budget(Protocol):
    limit: int
    refill: int
    """Per second."""

    def spend(self, principal: str, cost: int) -> int | Awaitable[int]:
        """Takes the cost, and tells what is left: at once, unless others have to be asked. cost: at most `limit`.
        Raises `Refused` (BUDGET_SPENT) where there is less, and takes nothing."""
        ...


class _Bucket:
    __slots__ = ("at", "level")

    def __init__(self, level: float, at: float) -> None:
        self.level = level
        self.at = at


class OwnBudget:
    """Of this process alone."""

    def __init__(self, limit: int, refill: int) -> None:
        self.limit = limit
        self.refill = refill
        # Two generations: whoever is not seen while the newer one fills is forgotten with the older, and has most of
        # it back by then.
        self._newer: dict[str, _Bucket] = {}
        self._older: dict[str, _Bucket] = {}

    def spend(self, principal: str, cost: int) -> int:
        now = monotonic()
        bucket = self._newer.get(principal) or self._recalled(principal, now)
        level = min(bucket.level + (now - bucket.at) * self.refill, self.limit)
        if cost > level:
            raise Refused(budget_spent(math.ceil((cost - level) / self.refill)))
        bucket.level, bucket.at = level - cost, now
        return int(bucket.level)

    def _recalled(self, principal: str, now: float) -> _Bucket:
        bucket = self._older.pop(principal, None) or _Bucket(self.limit, now)
        if len(self._newer) >= _REMEMBERED:
            self._newer, self._older = {}, self._newer
        self._newer[principal] = bucket
        return bucket
