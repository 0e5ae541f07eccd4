"""How many operations are under way: of one principal, and of all together."""

import asyncio
from collections import deque

from fleet_api.graphql.limits.limits_errors import too_many_at_once
from fleet_api.shared.domain.output_context import Refused


class Turns:
    """each: of one principal; more are refused. together: of all; more wait, and whoever came first has the next turn.
    Whatever a process works on at the same time shares one core, so that more at a time only makes all of it late."""

    def __init__(self, each: int, together: int) -> None:
        self._each = each
        self._free = together
        self._of: dict[str, int] = {}
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self, principal: str) -> None:
        """Must be left again, unless it raises. Raises `Refused` (TOO_MANY_AT_ONCE)."""
        under_way = self._of.get(principal, 0)
        if under_way >= self._each:
            raise Refused(too_many_at_once(self._each))
        self._of[principal] = under_way + 1
        if self._free > 0:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self.leave(principal)  # it was ours already
            else:
                self._forget(principal)
            raise

    def leave(self, principal: str) -> None:
        self._forget(principal)
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _forget(self, principal: str) -> None:
        left = self._of.pop(principal) - 1
        if left:
            self._of[principal] = left
