"""What a principal may spend: a bucket of cost that refills."""

import math
from collections.abc import Awaitable
from time import monotonic
from typing import Protocol

from fleet_api.graphql.limits.accounts import Account
from fleet_api.graphql.limits.limits_errors import budget_spent
from fleet_api.shared.domain.output_context import Refused

# How often what refills is added. What is spent between is whole numbers, which take no time.
_REFILLED_S = 0.05


class Budget(Protocol):
    limit: int
    refill: int
    """Per second."""

    def spend(self, account: Account, cost: int) -> int | Awaitable[int]:
        """Takes the cost, and tells what is left: at once, unless others have to be asked. cost: at most `limit`.
        Raises `Refused` (BUDGET_SPENT) where there is less, and takes nothing."""
        ...


class OwnBudget:
    """Of this process alone."""

    def __init__(self, limit: int, refill: int) -> None:
        self.limit = limit
        self.refill = refill

    def spend(self, account: Account, cost: int) -> int:
        now = monotonic()
        if now - account.refilled_at >= _REFILLED_S or account.level < cost:
            self._refill(account, now)
        left = account.level - cost
        if left < 0:
            raise Refused(budget_spent(math.ceil(-left / self.refill)))
        account.level = left
        return left

    def _refill(self, account: Account, now: float) -> None:
        points = (now - account.refilled_at) * self.refill
        if points >= self.limit - account.level:
            account.level, account.refilled_at = self.limit, now
        else:
            whole = int(points)
            account.level += whole
            account.refilled_at += whole / self.refill
