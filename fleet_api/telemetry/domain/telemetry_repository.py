from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from fleet_api.shared.domain.page import Page, PageRequest
from fleet_api.telemetry.domain.entities.telemetry_point import PointKey, TelemetryPoint
from fleet_api.telemetry.domain.entities.vehicle_metrics import VehicleMetrics
from fleet_api.telemetry.domain.points import Points
from fleet_api.telemetry.domain.telemetry_dto import LowBatteriesAsked, PositionsAsked, Span


class TelemetryRepository(ABC):
    """Points, as far as the viewer may see them: the history, and the latest of each vehicle."""

    @abstractmethod
    async def by_keys(self, keys: Sequence[PointKey]) -> Mapping[PointKey, TelemetryPoint]:
        """Unknown keys are absent."""

    @abstractmethod
    async def latest(self, vehicles: Collection[UUID]) -> Mapping[UUID, TelemetryPoint]:
        """Vehicles that never told anything are absent."""

    @abstractmethod
    async def odometers_read_at(self, vehicles: Collection[UUID]) -> Mapping[UUID, datetime]:
        """When the newest point that tells the odometer of each was recorded; absent when none does."""

    @abstractmethod
    async def positions(self, asked: PositionsAsked) -> Sequence[TelemetryPoint]:
        """The latest points that fit."""

    @abstractmethod
    async def low_batteries(self, asked: LowBatteriesAsked) -> Page[TelemetryPoint]:
        """The latest points that tell of less charge, emptiest first."""

    @abstractmethod
    async def pages_of_vehicles(
        self, vehicles: Sequence[UUID], span: Span, page: PageRequest
    ) -> Mapping[UUID, Page[TelemetryPoint]]:
        """A page of each vehicle's history, newest first."""

    @abstractmethod
    async def metrics(self, vehicles: Sequence[UUID], span: Span) -> Mapping[UUID, VehicleMetrics]:
        """Computed from the history; vehicles without a point in the span are absent."""

    @abstractmethod
    async def known(self, points: Points) -> Collection[int]:
        """Which of them the history has, by their index."""

    @abstractmethod
    async def add(self, points: Points) -> None:
        """Adds what the history does not have yet."""

    @abstractmethod
    async def move_latest(self, points: Points) -> None:
        """Makes each the latest of its vehicle, at most one a vehicle; never for an older one than there is."""
