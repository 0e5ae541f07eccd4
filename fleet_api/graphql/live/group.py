"""Subscribers who ask the same and see the same: each event is rendered once for all of them."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from fleet_api.graphql.context import Context
from fleet_api.graphql.execution.fleet_schema import FleetSchema
from fleet_api.graphql.execution.subscribed import Subscribed

# Whoever renders so slowly that as much waits would fall behind for ever.
_MOST_WAITING = 200_000
_AT_ONCE = 500

IN_A_TURN = 64
"""To so many is written before others have their turn: what was written leaves at the end of the loop's turn, and
whoever comes first need not wait for the last of thousands."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Lot:
    """Events that come together. deliver: gives their results, as JSON, to whoever they are for; none of a later lot
    comes before it is done. fail: is called where there are no results."""

    events: Sequence[Any]
    deliver: Callable[[Sequence[bytes]], Awaitable[None]]
    fail: Callable[[], None]


class Group:
    """Renders one lot after the other, so that their order stays. It holds nothing while it waits."""

    def __init__(self, schema: FleetSchema, subscribed: Subscribed, context: Context) -> None:
        self._schema = schema
        self._subscribed = subscribed
        self._context = context
        self._lots: deque[Lot] = deque()
        self._waiting = 0
        self._working: asyncio.Task[None] | None = None

    async def render(self, events: Sequence[Any]) -> list[bytes]:
        """Their results as JSON. With loaders of their own: what was known before them is old."""
        return await self._schema.tell(self._subscribed, events, self._context.fresh())

    def tell(self, lot: Lot) -> None:
        """Renders it after all that were told before. Never waits."""
        if self._waiting + len(lot.events) > _MOST_WAITING:
            _log.warning("group_too_slow", waiting=self._waiting)
            lot.fail()
            return
        self._lots.append(lot)
        self._waiting += len(lot.events)
        if self._working is None:
            self._working = asyncio.create_task(self._work())

    async def _work(self) -> None:
        try:
            while self._lots:
                await self._render_some()
        finally:
            self._working = None

    async def _render_some(self) -> None:
        """What waits, as far as it is not too much at once."""
        lots = [self._lots.popleft()]
        count = len(lots[0].events)
        while self._lots and count + len(self._lots[0].events) <= _AT_ONCE:
            lots.append(self._lots.popleft())
            count += len(lots[-1].events)
        self._waiting -= count
        try:
            results = await self.render([event for lot in lots for event in lot.events])
        except Exception as error:
            _log.error("events_not_rendered", error=type(error).__name__)
            for lot in lots:
                lot.fail()
            return
        start = 0
        for lot in lots:
            await lot.deliver(results[start : (start := start + len(lot.events))])
