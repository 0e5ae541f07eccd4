"""One budget for all processes of all machines, in Redis or Valkey."""

import asyncio
import math
import time

import structlog
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from fleet_api.graphql.limits.accounts import Account
from fleet_api.graphql.limits.budget import OwnBudget
from fleet_api.graphql.limits.limits_errors import budget_spent
from fleet_api.shared.domain.output_context import Refused

_PATIENCE_S = 0.25
# Else every operation would wait for a store that answers none.
_AWAY_S = 1.0
_log = structlog.get_logger(__name__)


class SharedBudget:
    """Spent within a window that slides, as long as the whole budget takes to refill. While the store is away each
    process counts by itself: a budget is no reason to answer nobody."""

    def __init__(self, address: str, limit: int, refill: int) -> None:
        self.limit = limit
        self.refill = refill
        self._window: RateLimitItem = RateLimitItemPerSecond(limit, max(1, math.ceil(limit / refill)), "fleet-budget")
        scheme, _, rest = address.partition("://")
        redis = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}[scheme]
        store = RedisStorage(f"async+{redis}://{rest}", implementation="redispy", socket_connect_timeout=_PATIENCE_S)
        self._limiter = SlidingWindowCounterRateLimiter(store)
        self._own = OwnBudget(limit, refill)
        self._is_away = False
        self._asked_again_at = 0.0

    async def spend(self, account: Account, cost: int) -> int:
        if self._is_away and time.monotonic() < self._asked_again_at:
            return self._own.spend(account, cost)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                paid = await self._limiter.hit(self._window, account.principal, cost=cost)
                reset_at, remaining = await self._limiter.get_window_stats(self._window, account.principal)
        except Exception as error:
            if not self._is_away:
                _log.warning("budget_store_away", error=type(error).__name__)
            self._is_away, self._asked_again_at = True, time.monotonic() + _AWAY_S
            return self._own.spend(account, cost)
        self._is_away = False
        if not paid:
            raise Refused(budget_spent(max(1, math.ceil(reset_at - time.time()))))
        return max(remaining, 0)
