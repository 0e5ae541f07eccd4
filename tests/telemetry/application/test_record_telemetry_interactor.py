from datetime import timedelta

from fleet_api.shared.domain.output_context import OutputSuccessContext
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.telemetry.application.record_telemetry_interactor import RecordTelemetryInteractor
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.telemetry_receipt import Outcome, TelemetryReceipt
from fleet_api.telemetry.domain.geofence_dto import CreateGeofenceDto
from fleet_api.telemetry.domain.telemetry_dto import RecordTelemetryDto, ReportedPoint
from tests.telemetry.fakes import (
    FakeGeofenceRepository,
    FakeReportingVehicles,
    FakeTelemetryRepository,
    FakeTripRepository,
)
from tests.telemetry.made import CAR, NOW, OTHER, PROVIDER, at, reported


class Desk:
    """The use case over a world in memory."""

    def __init__(self, *geofences: Geofence) -> None:
        self.vehicles = FakeReportingVehicles({CAR: PROVIDER})
        self.telemetry, self.trips = FakeTelemetryRepository(), FakeTripRepository()
        self.geofences = FakeGeofenceRepository(*geofences)

    async def record(self, *points: ReportedPoint) -> TelemetryReceipt:
        interactor = RecordTelemetryInteractor(
            self.vehicles, self.telemetry, self.trips, self.geofences, timedelta(days=90), lambda: NOW
        )
        output = await interactor.run_async(RecordTelemetryDto(points=list(points)), Viewer.system())
        assert isinstance(output, OutputSuccessContext)
        return output.data


async def test_rule_1_the_same_point_twice_is_a_duplicate() -> None:
    desk = Desk()
    first = await desk.record(reported(), reported(speed_kph=9))
    again = await desk.record(reported())
    assert [outcome.outcome for outcome in first.outcomes] == [Outcome.ACCEPTED, Outcome.DUPLICATE]
    assert (again.duplicate, len(desk.telemetry.points)) == (1, 1)


async def test_rule_2_the_latest_only_moves_forward() -> None:
    desk = Desk()
    await desk.record(reported(10))
    receipt = await desk.record(reported(5), reported(10, source="phone"), reported(4, sequence=1))
    # The phone's is not older than the latest, and does not replace it either.
    assert [outcome.outcome for outcome in receipt.outcomes] == [Outcome.LATE, Outcome.ACCEPTED, Outcome.LATE]
    assert desk.telemetry.newest[CAR].source == "obd"
    assert len(desk.telemetry.points) == 4


async def test_what_came_late_moves_neither_trips_nor_odometer() -> None:
    desk = Desk()
    await desk.record(reported(60, speed_kph=0, odometer_m=500))
    await desk.record(reported(0, speed_kph=80, odometer_m=400))
    assert (desk.trips.rows, desk.vehicles.odometers_m) == ({}, {CAR: 500})


async def test_a_trip_is_gone_on_with_from_call_to_call() -> None:
    desk = Desk()
    await desk.record(reported(0, speed_kph=30, odometer_m=100))
    await desk.record(reported(60, speed_kph=30, odometer_m=600))
    await desk.record(reported(400, speed_kph=0, odometer_m=600))
    [trip] = desk.trips.rows.values()
    assert (trip.started_at, trip.ended_at, trip.distance_m) == (at(0), at(60), 500)


async def test_nothing_is_kept_of_vehicles_that_the_viewer_cannot_record_for() -> None:
    desk = Desk()
    receipt = await desk.record(reported(vehicle_id=OTHER), reported(vehicle_id=None))
    assert [outcome.fault.code for outcome in receipt.outcomes if outcome.fault] == ["UNKNOWN_VEHICLE"] * 2
    assert not desk.telemetry.points


async def test_within_a_call_the_odometer_is_followed_in_time() -> None:
    receipt = await Desk().record(
        reported(30, odometer_m=300), reported(10, odometer_m=100), reported(20, odometer_m=50), reported(25)
    )
    assert [outcome.fault.code if outcome.fault else None for outcome in receipt.outcomes] == [
        None,
        None,
        "ODOMETER_FELL",
        None,
    ]


async def test_who_is_where_is_remembered_from_call_to_call() -> None:
    shape = {"circle": {"center": {"latitude": 59.91, "longitude": 10.75}, "radius_m": 500}}
    depot = Geofence.create(CreateGeofenceDto.model_validate({"name": "Depot", "shape": shape}), PROVIDER)
    desk = Desk(depot)
    await desk.record(reported(0))
    assert desk.geofences.present == {(depot.id, CAR)}
    await desk.record(reported(10), reported(20, latitude=61.0))
    assert desk.geofences.present == set()
    assert [crossing.direction for crossing in desk.geofences.crossings] == ["ENTER", "EXIT"]
