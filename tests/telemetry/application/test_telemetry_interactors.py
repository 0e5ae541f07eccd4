"""The use cases that read, and those of geofences and of the platform's housekeeping."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from fleet_api.shared.application.maintain_partitions_interactor import MaintainPartitionsInteractor
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.maintenance import MaintainDto
from fleet_api.shared.domain.output_context import OutputErrorContext, OutputSuccessContext, Refused
from fleet_api.shared.domain.page import PageRequest
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.telemetry.application.delete_geofence_interactor import DeleteGeofenceInteractor
from fleet_api.telemetry.application.list_low_batteries_interactor import ListLowBatteriesInteractor
from fleet_api.telemetry.application.list_positions_interactor import ListPositionsInteractor
from fleet_api.telemetry.application.list_vehicle_telemetry_interactor import ListVehicleTelemetryInteractor
from fleet_api.telemetry.application.list_vehicles_within_interactor import ListVehiclesWithinInteractor
from fleet_api.telemetry.application.measure_vehicles_interactor import MeasureVehiclesInteractor
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.vehicle_metrics import VehicleMetrics
from fleet_api.telemetry.domain.geofence_dto import CreateGeofenceDto, DeleteGeofenceDto
from fleet_api.telemetry.domain.geometry import Position
from fleet_api.telemetry.domain.telemetry_dto import (
    BoxDto,
    HistoryAsked,
    LowBatteriesAsked,
    PositionsAsked,
    Span,
    SpanAsked,
    VehiclesWithinAsked,
)
from tests.telemetry.fakes import (
    FakeGeofenceRepository,
    FakeTelemetryRepository,
    FakeVehicleSearch,
    FakeWeeklyPartitions,
)
from tests.telemetry.made import CAR, NOW, OTHER, PROVIDER, at, point
from tests.vehicles.examples import provider, vehicle

OPS = Viewer.system()
OSLO = BoxDto(south=59, west=10, north=60, east=11)


async def test_maintenance_makes_the_weeks_to_come_and_drops_those_past_the_retention() -> None:
    """telemetry rule 4."""
    # A Wednesday; ten days back begins in the week of the 19th, two weeks on is in that of the 13th.
    wednesday = datetime(2026, 7, 1, 12, tzinfo=UTC)
    partitions = FakeWeeklyPartitions(date(2026, 6, 8), date(2026, 6, 15), date(2026, 6, 22))
    interactor = MaintainPartitionsInteractor(partitions, lambda: wednesday)
    output = await interactor.run_async(MaintainDto(retention=timedelta(days=10)), OPS)
    assert isinstance(output, OutputSuccessContext)
    assert output.data.created == [date(2026, 6, 29), date(2026, 7, 6), date(2026, 7, 13)]
    assert output.data.dropped == [date(2026, 6, 8)]
    again = await interactor.run_async(MaintainDto(retention=timedelta(days=10)), OPS)
    assert isinstance(again, OutputSuccessContext)
    assert (again.data.created, again.data.dropped) == ([], [])


async def test_a_clock_that_jumped_ahead_costs_no_history() -> None:
    """telemetry rule 4: what is old is told by the newest point, and not by a clock alone."""
    newest = datetime(2026, 5, 6, tzinfo=UTC)
    partitions = FakeWeeklyPartitions(date(2026, 1, 5), date(2026, 4, 27), date(2026, 5, 4))
    partitions.newest_row = newest
    interactor = MaintainPartitionsInteractor(partitions, lambda: newest + timedelta(days=400))
    output = await interactor.run_async(MaintainDto(retention=timedelta(days=30)), Viewer.system())
    assert isinstance(output, OutputSuccessContext)
    assert output.data.dropped == [date(2026, 1, 5)]


async def test_a_week_in_use_is_dropped_another_time_and_after_it_no_other_is_tried() -> None:
    wednesday = datetime(2026, 7, 1, 12, tzinfo=UTC)
    old = [date(2026, 6, 1), date(2026, 6, 8), date(2026, 6, 15)]
    partitions = FakeWeeklyPartitions(*old)
    partitions.in_use.add(old[1])
    interactor = MaintainPartitionsInteractor(partitions, lambda: wednesday)
    output = await interactor.run_async(MaintainDto(retention=timedelta(0)), OPS)
    assert isinstance(output, OutputSuccessContext)
    assert output.data.created == [date(2026, 6, 29), date(2026, 7, 6), date(2026, 7, 13)]
    assert (output.data.dropped, output.data.postponed) == (old[:1], old[1:])


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        (SpanAsked(), Span(NOW + timedelta(minutes=5) - timedelta(hours=24), NOW + timedelta(minutes=5))),
        (SpanAsked(end=at(0)), Span(at(0) - timedelta(hours=24), at(0))),
        (SpanAsked(start=at(0)), Span(at(0), at(0) + timedelta(hours=24))),
        (SpanAsked(at(0), at(60)), Span(at(0), at(60))),
    ],
)
async def test_a_span_is_24_hours_where_one_end_or_both_are_left_out(asked: SpanAsked, span: Span) -> None:
    telemetry = FakeTelemetryRepository()
    history = ListVehicleTelemetryInteractor(telemetry, lambda: NOW)
    await history.run_async(Batch([CAR], HistoryAsked(PageRequest(), asked)), OPS)
    await MeasureVehiclesInteractor(telemetry, lambda: NOW).run_async(Batch([CAR], asked), OPS)
    assert telemetry.asked_spans == [span, span]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (SpanAsked(at(0).replace(tzinfo=None)), "INVALID_TIME"),
        (SpanAsked(end=at(0).replace(tzinfo=None)), "INVALID_TIME"),
        (SpanAsked(at(0), at(0)), "INVALID_SPAN"),
        (SpanAsked(at(0), at(31 * 86_400 + 1)), "SPAN_TOO_LONG"),
    ],
)
def test_a_span_that_cannot_be_is_refused(asked: SpanAsked, code: str) -> None:
    with pytest.raises(Refused, match=code):
        asked.resolved(NOW)


def test_consumption_needs_a_kilometre_and_utilisation_is_of_the_whole_span() -> None:
    """vehicles rule 5."""
    metrics = VehicleMetrics(1_000, 200, 50, 0.0, 900, 0, 3_600.0)
    assert metrics.consumption_kwh_per_100_km == pytest.approx(15.0)
    assert metrics.utilisation_pct == 25
    assert VehicleMetrics(999, 200, 50, 0.0, 900, 0, 3_600.0).consumption_kwh_per_100_km is None


async def test_positions_are_narrowed_by_vehicle_box_and_time() -> None:
    telemetry = FakeTelemetryRepository()
    await telemetry.move_latest([point(0, CAR), point(0, OTHER, longitude=12.0)])

    async def seen(asked: PositionsAsked) -> set[UUID]:
        output = await ListPositionsInteractor(telemetry).run_async(asked, OPS)
        assert isinstance(output, OutputSuccessContext)
        return {here.vehicle_id for here in output.data}

    assert await seen(PositionsAsked()) == {CAR, OTHER}
    assert await seen(PositionsAsked([OTHER])) == {OTHER}
    assert await seen(PositionsAsked(bounds=OSLO.bounds)) == {CAR}
    assert await seen(PositionsAsked(since=NOW + timedelta(seconds=1))) == set()


async def test_batteries_are_low_below_the_charge_that_was_asked_for() -> None:
    telemetry = FakeTelemetryRepository()
    await telemetry.move_latest([point(0, CAR, state_of_charge_pct=12.5), point(0, OTHER, state_of_charge_pct=30.0)])

    async def low(below_pct: int) -> list[UUID]:
        output = await ListLowBatteriesInteractor(telemetry).run_async(LowBatteriesAsked(PageRequest(), below_pct), OPS)
        assert isinstance(output, OutputSuccessContext)
        return [edge.node.vehicle_id for edge in output.data.edges]

    assert await low(12) == []
    assert await low(20) == [CAR]
    assert await low(100) == [CAR, OTHER]


async def test_vehicles_are_found_by_where_they_are() -> None:
    north = provider()
    here, away = vehicle(north), vehicle(north)
    search = FakeVehicleSearch({here: Position(59.9, 10.7), away: Position(60.4, 5.3)})
    asked = VehiclesWithinAsked(PageRequest(), OSLO)
    output = await ListVehiclesWithinInteractor(search).run_async(asked, OPS)
    assert isinstance(output, OutputSuccessContext)
    assert [edge.node for edge in output.data.edges] == [here]


async def test_a_geofence_is_deleted_at_the_version_that_was_read() -> None:
    shape = {"circle": {"center": {"latitude": 0, "longitude": 0}, "radius_m": 50}}
    depot = Geofence.create(CreateGeofenceDto.model_validate({"name": "Depot", "shape": shape}), PROVIDER)
    geofences = FakeGeofenceRepository(depot)
    interactor = DeleteGeofenceInteractor(geofences)
    stale = await interactor.run_async(DeleteGeofenceDto(geofence_id=depot.id, expected_version=2), OPS)
    assert isinstance(stale, OutputErrorContext)
    assert stale.code == "STALE_VERSION"
    done = await interactor.run_async(DeleteGeofenceDto(geofence_id=depot.id, expected_version=1), OPS)
    assert isinstance(done, OutputSuccessContext)
    gone = await interactor.run_async(DeleteGeofenceDto(geofence_id=depot.id), OPS)
    assert isinstance(gone, OutputErrorContext)
    assert gone.http_status == 404
