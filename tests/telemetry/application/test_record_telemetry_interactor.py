import asyncio
from datetime import timedelta

from fleet_api.shared.domain.output_context import OutputSuccessContext
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.telemetry.application.reception import Reception
from fleet_api.telemetry.application.record_telemetry_interactor import RecordTelemetryInteractor
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.telemetry_receipt import Outcome, PointOutcome, TelemetryReceipt
from fleet_api.telemetry.domain.geofence_dto import CreateGeofenceDto
from fleet_api.telemetry.domain.reports import ReportedPoint, Reports
from fleet_api.telemetry.domain.telemetry_dto import RecordTelemetryDto
from tests.shared.fakes import FakeEventPublisher
from tests.telemetry.fakes import (
    FakeGeofenceRepository,
    FakeMovements,
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
        self.events, self.movements = FakeEventPublisher(), FakeMovements()

    async def record(self, *points: ReportedPoint) -> TelemetryReceipt:
        interactor = RecordTelemetryInteractor(
            Reception(self.vehicles, self.telemetry, self.movements, timedelta(days=90), lambda: NOW),
            self.vehicles,
            self.trips,
            self.geofences,
            self.events,
        )
        output = await interactor.run_async(RecordTelemetryDto(points=Reports.of(points)), Viewer.system())
        assert isinstance(output, OutputSuccessContext)
        return output.data


async def test_the_same_point_twice_is_a_duplicate() -> None:
    """telemetry rule 1."""
    desk = Desk()
    first = await desk.record(reported(), reported(speed_kph=9))
    again = await desk.record(reported())
    assert [outcome.outcome for outcome in first.outcomes] == [Outcome.ACCEPTED, Outcome.DUPLICATE]
    assert (again.duplicate, len(desk.telemetry.points)) == (1, 1)


async def test_the_latest_only_moves_forward() -> None:
    """telemetry rule 2."""
    desk = Desk()
    await desk.record(reported(10))
    receipt = await desk.record(reported(5), reported(10, source="phone"), reported(4, sequence=1))
    # The phone's is not older than the latest, and does not replace it either.
    assert [outcome.outcome for outcome in receipt.outcomes] == [Outcome.LATE, Outcome.ACCEPTED, Outcome.LATE]
    assert desk.telemetry.newest[CAR].source == "obd"
    assert len(desk.telemetry.points) == 4


async def test_what_came_late_makes_no_trip_and_does_not_lower_the_odometer() -> None:
    desk = Desk()
    await desk.record(reported(60, speed_kph=0, odometer_m=500))
    await desk.record(reported(0, speed_kph=80, odometer_m=400))
    assert (desk.trips.rows, desk.vehicles.odometers_m) == ({}, {CAR: 500})


async def test_every_new_point_raises_the_odometer() -> None:
    desk = Desk()
    await desk.record(reported(60, source="phone"))
    late, beside = reported(0, odometer_m=500), reported(60, odometer_m=900)
    await desk.record(late)
    assert desk.vehicles.odometers_m == {CAR: 500}
    await desk.record(beside)
    assert desk.vehicles.odometers_m == {CAR: 900}


async def test_points_that_move_the_vehicle_on_do_not_fall_below_its_books() -> None:
    desk = Desk()
    desk.vehicles.odometers_m[CAR] = 5_000
    first = await desk.record(reported(0, odometer_m=4_999), reported(10, odometer_m=5_000), reported(20))
    # The latest point tells no odometer, and the books still do.
    second = await desk.record(reported(30, odometer_m=4_999), reported(5, odometer_m=4_000))
    assert [_code(outcome) for outcome in (*first.outcomes, *second.outcomes)] == [
        "ODOMETER_FELL",
        None,
        None,
        "ODOMETER_FELL",
        None,
    ]


async def test_a_glitch_does_not_freeze_the_vehicle() -> None:
    desk = Desk()
    glitch = 2_147_483_647
    first = await desk.record(reported(0, odometer_m=glitch), reported(10, odometer_m=80_000_000))
    again = await desk.record(reported(20, odometer_m=glitch), reported(5, odometer_m=glitch))
    # A phone's point in between does not make the time since the last reading short: half an hour at 100 km/h.
    await desk.record(reported(1_809, source="phone"))
    honest = await desk.record(reported(1_810, odometer_m=80_050_000), reported(1_820, odometer_m=80_500_000))
    outcomes = [*first.outcomes, *again.outcomes, *honest.outcomes]
    assert [_code(outcome) for outcome in outcomes] == [
        "ODOMETER_JUMPED",
        None,
        "ODOMETER_JUMPED",
        "ODOMETER_JUMPED",
        None,
        "ODOMETER_JUMPED",
    ]
    assert desk.vehicles.odometers_m == {CAR: 80_050_000}


async def test_a_call_full_of_corners_lets_others_run_meanwhile() -> None:
    corners = tuple({"latitude": 59 + n / 50, "longitude": 10 + (n % 2)} for n in range(100))
    shape = {"polygon": {"points": corners}}
    towns = [
        Geofence.create(CreateGeofenceDto.model_validate({"name": f"Town {n}", "shape": shape}), PROVIDER)
        for n in range(10)
    ]
    # Nothing of a world in memory waits, so another task runs only if the use case itself steps aside.
    ran: list[bool] = []

    async def other() -> None:
        ran.append(True)

    task = asyncio.create_task(other())
    await Desk(*towns).record(*(reported(n / 10) for n in range(5_000)))
    assert ran
    await task


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
    assert [_code(outcome) for outcome in receipt.outcomes] == [None, None, "ODOMETER_FELL", None]


def _code(outcome: PointOutcome) -> str | None:
    return outcome.fault.code if outcome.fault else None


async def test_who_is_where_is_remembered_from_call_to_call() -> None:
    shape = {"circle": {"center": {"latitude": 59.91, "longitude": 10.75}, "radius_m": 500}}
    depot = Geofence.create(CreateGeofenceDto.model_validate({"name": "Depot", "shape": shape}), PROVIDER)
    desk = Desk(depot)
    await desk.record(reported(0))
    assert desk.geofences.present == {(depot.id, CAR)}
    await desk.record(reported(10), reported(20, latitude=61.0))
    assert desk.geofences.present == set()
    assert [crossing.direction for crossing in desk.geofences.crossings] == ["ENTER", "EXIT"]
    told = [(event.kind, event.subject_id, event.object_id, event.before, event.after) for event in desk.events.told]
    assert told == [
        ("GEOFENCE_CROSSED", CAR, depot.id, "OUTSIDE", "INSIDE"),
        ("GEOFENCE_CROSSED", CAR, depot.id, "INSIDE", "OUTSIDE"),
    ]


async def test_charge_is_told_of_when_the_latest_falls_below_a_whole_per_cent() -> None:
    desk = Desk()
    desk.vehicles.drivers[CAR] = OTHER
    # The first; a rise; none, after which nobody knows what it was; a fall of which the last point tells; a late one.
    for second, *charges in ((0, 80.5), (10, 81.5), (20, None), (30, 81.0), (40, 79.9, 80.5), (35, 10.0)):
        points = [reported(second + n, state_of_charge_pct=charge) for n, charge in enumerate(charges)]
        await desk.record(*points)
    await desk.record(reported(50, state_of_charge_pct=79.25))
    told = [(event.kind, event.subject_id, event.before, event.after, event.driver_id) for event in desk.events.told]
    fell = "STATE_OF_CHARGE_FELL"
    assert told == [(fell, CAR, "81", "80.5", OTHER), (fell, CAR, "80.5", "79.25", OTHER)]


async def test_who_moved_is_left_word_of() -> None:
    desk = Desk()
    await desk.record(reported(10), reported(5), reported(0, vehicle_id=OTHER))
    assert desk.movements.vehicles == {CAR}
    desk.movements.vehicles.clear()
    await desk.record(reported(7))
    assert not desk.movements.vehicles
