"""The positions that some follow, each vehicle's no more often than they want."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import structlog

from fleet_api.graphql.live.group import IN_A_TURN, Group, Lot
from fleet_api.graphql.live.scope import Scope
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.entities.vehicle_position import VehiclePosition
from fleet_api.telemetry.domain.geometry import Position
from fleet_api.telemetry.domain.telemetry_dto import PositionWatch

_log = structlog.get_logger(__name__)


class PositionFollower(Protocol):
    """One follower. Nothing here waits or raises."""

    def take(self, positions: Sequence[VehiclePosition], results: Sequence[bytes]) -> None: ...

    def fail(self) -> None: ...


class PositionChannel:
    """Those of a group who follow the same vehicles, in the same box, as often.

    What comes in between is replaced by what comes after it: the track in full stays in the telemetry.
    """

    def __init__(self, group: Group, scope: Scope, watch: PositionWatch, cursor: Callable[[], str]) -> None:
        self.group = group
        self.scope = scope
        self.watch = watch
        self._cursor = cursor
        self.feeds: dict[PositionFollower, None] = {}
        self._waiting: dict[UUID, TelemetryPoint] = {}
        self._told: dict[UUID, tuple[datetime, float]] = {}
        self._inside: set[UUID] = set()
        self._timer: asyncio.TimerHandle | None = None

    def know(self, inside: Iterable[TelemetryPoint], told: Iterable[TelemetryPoint]) -> None:
        """What a new follower knows. inside: who is in the box: of those it is told when they leave. told: what it is
        told now, which is no news to it, if to others who were here before."""
        self._inside.update(point.vehicle_id for point in inside)
        if len(self.feeds) == 1:
            now = asyncio.get_running_loop().time()
            for point in told:
                known = self._told.get(point.vehicle_id)
                if known is None or known[0] < point.recorded_at:
                    self._told[point.vehicle_id] = point.recorded_at, now

    def offer(self, point: TelemetryPoint) -> None:
        """`flush` tells of it when its time has come."""
        known = self._told.get(point.vehicle_id)
        if known is not None and point.recorded_at <= known[0]:
            return
        if self.holds(point) or point.vehicle_id in self._inside:
            self._waiting[point.vehicle_id] = point

    def flush(self) -> None:
        """Tells of those whose time has come, and sees to the others later."""
        now = asyncio.get_running_loop().time()
        due = [point for id, point in self._waiting.items() if self._due_at(id) <= now]
        for point in due:
            del self._waiting[point.vehicle_id]
        if due:
            cursor = self._cursor()
            self._tell([self._position(point, cursor, now) for point in due])
        if self._waiting and self._timer is None:
            next_at = min(map(self._due_at, self._waiting))
            self._timer = asyncio.get_running_loop().call_at(next_at, self._flush_later)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _flush_later(self) -> None:
        self._timer = None
        self.flush()

    def _due_at(self, vehicle_id: UUID) -> float:
        known = self._told.get(vehicle_id)
        return 0.0 if known is None else known[1] + self.watch.min_interval_s

    def _position(self, point: TelemetryPoint, cursor: str, now: float) -> VehiclePosition:
        within = self.holds(point)
        (self._inside.add if within else self._inside.discard)(point.vehicle_id)
        self._told[point.vehicle_id] = point.recorded_at, now
        return VehiclePosition.of(point, within=within, cursor=cursor)

    def holds(self, point: TelemetryPoint) -> bool:
        """Whether it is in the box."""
        return self.watch.bounds is None or self.watch.bounds.contain(Position(point.latitude, point.longitude))

    def _tell(self, positions: Sequence[VehiclePosition]) -> None:
        async def deliver(results: Sequence[bytes]) -> None:
            for count, feed in enumerate(tuple(self.feeds), start=1):
                try:
                    feed.take(positions, results)
                except Exception as error:  # nobody else is to miss anything for it
                    _log.error("not_told", error=type(error).__name__)
                    feed.fail()
                if count % IN_A_TURN == 0:
                    await asyncio.sleep(0)

        def fail() -> None:
            for feed in tuple(self.feeds):
                feed.fail()

        self.group.tell(Lot(positions, deliver, fail))
