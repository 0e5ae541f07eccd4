"""How many operations are under way: of one principal, and of all together."""

import asyncio

from fleet_api.graphql.limits.accounts import Account
from fleet_api.graphql.limits.limits_errors import too_many_at_once
from fleet_api.shared.domain.output_context import Refused


class Turns:
    """each: of one principal; more are refused. together: of all; more wait, and whoever came first has the next turn,
    but no principal has more than half of them. Whatever a process works on at the same time shares one core, so that
    more at a time only makes all of it late."""

    def __init__(self, each: int, together: int) -> None:
        self._each = each
        self._free = together
        self._share = max(1, together // 2)
        self._waiting: dict[asyncio.Future[None], Account] = {}

    def enter_at_once(self, account: Account, *, may_wait: bool) -> bool:
        """Whether there was a turn, which must be left again; else there will be one later. may_wait: however many of
        the principal's wait already, as they do when a phone comes back with all its subscriptions. Raises `Refused`
        (TOO_MANY_AT_ONCE)."""
        running = account.running
        if running + account.waiting >= self._each and not may_wait:
            raise Refused(too_many_at_once(self._each))
        if self._free and running < self._share:
            self._free -= 1
            account.running = running + 1
            return True
        return False

    async def enter_later(self, account: Account) -> None:
        """Must be left again, unless it raises."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[turn] = account
        account.waiting += 1
        try:
            await turn
        except BaseException:
            if turn in self._waiting:
                self._wait_no_longer(turn, account)
            else:
                self.leave(account)  # it was ours already
            raise

    def leave(self, account: Account) -> None:
        account.running -= 1
        self._free += 1
        if self._waiting:
            self._hand_on()

    def _hand_on(self) -> None:
        for turn, account in self._waiting.items():
            if account.running < self._share:
                self._wait_no_longer(turn, account)
                self._free -= 1
                account.running += 1
                if not turn.done():
                    turn.set_result(None)
                return

    def _wait_no_longer(self, turn: asyncio.Future[None], account: Account) -> None:
        del self._waiting[turn]
        account.waiting -= 1
