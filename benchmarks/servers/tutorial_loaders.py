"""The tutorial way, its loaders: made anew for each request, one session per question."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from strawberry.dataloader import DataLoader

from benchmarks.servers.tutorial_data import AssignmentModel, LatestModel, PointModel, VehicleModel, new_session
from benchmarks.servers.tutorial_types import (
    TelemetryPoint,
    TelemetryPointConnection,
    TelemetryPointEdge,
    Vehicle,
    VehicleAssignment,
    VehicleAssignmentConnection,
    VehicleAssignmentEdge,
)


class Loaders:
    """One request's. Each loads for one provider."""

    def __init__(self, provider_id: UUID) -> None:
        self._provider_id = provider_id
        self.vehicles = DataLoader(load_fn=self._vehicles)
        self.current_vehicles = DataLoader(load_fn=self._current_vehicles)
        self.latest = DataLoader(load_fn=self._latest)
        self.assignments = DataLoader(load_fn=self._assignments)
        self.points = DataLoader(load_fn=self._points)

    async def _vehicles(self, ids: list[UUID]) -> list["Vehicle | None"]:
        query = select(VehicleModel).where(
            VehicleModel.id.in_(ids), VehicleModel.fleet_provider_id == self._provider_id
        )
        async with new_session() as session:
            found = {row.id: Vehicle.of(row) for row in await session.scalars(query)}
        return [found.get(id) for id in ids]

    async def _current_vehicles(self, driver_ids: list[UUID]) -> list["Vehicle | None"]:
        query = (
            select(AssignmentModel.driver_id, VehicleModel)
            .join(VehicleModel, VehicleModel.id == AssignmentModel.vehicle_id)
            .where(
                AssignmentModel.driver_id.in_(driver_ids),
                AssignmentModel.ended_at.is_(None),
                AssignmentModel.fleet_provider_id == self._provider_id,
            )
        )
        async with new_session() as session:
            found = {driver_id: Vehicle.of(row) for driver_id, row in await session.execute(query)}
        return [found.get(id) for id in driver_ids]

    async def _latest(self, vehicle_ids: list[UUID]) -> list["TelemetryPoint | None"]:
        query = select(LatestModel).where(
            LatestModel.vehicle_id.in_(vehicle_ids), LatestModel.fleet_provider_id == self._provider_id
        )
        async with new_session() as session:
            found = {row.vehicle_id: TelemetryPoint.of(row) for row in await session.scalars(query)}
        return [found.get(id) for id in vehicle_ids]

    async def _assignments(self, keys: list[tuple[UUID, int]]) -> list["VehicleAssignmentConnection"]:
        newest = AssignmentModel.started_at.desc(), AssignmentModel.id.desc()
        place = func.row_number().over(partition_by=AssignmentModel.driver_id, order_by=newest)
        ranked = (
            select(AssignmentModel, place.label("place"))
            .where(
                AssignmentModel.driver_id.in_([driver_id for driver_id, _ in keys]),
                AssignmentModel.fleet_provider_id == self._provider_id,
            )
            .subquery()
        )
        row_of = aliased(AssignmentModel, ranked)
        query = select(row_of).where(ranked.c.place <= max(first for _, first in keys)).order_by(ranked.c.place)
        found: dict[UUID, list[VehicleAssignment]] = {driver_id: [] for driver_id, _ in keys}
        async with new_session() as session:
            for row in await session.scalars(query):
                found[row.driver_id].append(VehicleAssignment.of(row))
        return [
            VehicleAssignmentConnection(edges=[VehicleAssignmentEdge(node=node) for node in found[driver_id][:first]])
            for driver_id, first in keys
        ]

    async def _points(self, keys: list[tuple[UUID, int, datetime, datetime]]) -> list["TelemetryPointConnection"]:
        # All vehicles of a request are asked for the same span.
        _, most, start, end = keys[0]
        newest = PointModel.recorded_at.desc(), PointModel.source.desc(), PointModel.sequence.desc()
        place = func.row_number().over(partition_by=PointModel.vehicle_id, order_by=newest)
        ranked = (
            select(PointModel, place.label("place"))
            .where(
                PointModel.vehicle_id.in_([key[0] for key in keys]),
                PointModel.fleet_provider_id == self._provider_id,
                PointModel.recorded_at >= start,
                PointModel.recorded_at < end,
            )
            .subquery()
        )
        row_of = aliased(PointModel, ranked)
        query = select(row_of).where(ranked.c.place <= most).order_by(ranked.c.place)
        found: dict[UUID, list[TelemetryPoint]] = {key[0]: [] for key in keys}
        async with new_session() as session:
            for row in await session.scalars(query):
                found[row.vehicle_id].append(TelemetryPoint.of(row))
        return [
            TelemetryPointConnection(edges=[TelemetryPointEdge(node=node) for node in found[key[0]]]) for key in keys
        ]
