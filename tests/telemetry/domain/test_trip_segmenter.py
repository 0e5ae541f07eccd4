from datetime import timedelta
from typing import Any

from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.entities.trip import Trip
from fleet_api.telemetry.domain.trip_segmenter import TripSegmenter
from tests.telemetry.made import at, point


def follow(*track: TelemetryPoint, previous: TelemetryPoint | None = None, trip: Trip | None = None) -> list[Trip]:
    return list(TripSegmenter(previous, trip).follow(track))


def spans(trips: list[Trip]) -> list[tuple[Any, Any]]:
    return [(trip.started_at, trip.ended_at) for trip in trips]


def test_a_vehicle_that_stands_is_on_no_trip() -> None:
    assert follow(point(0, speed_kph=0, odometer_m=5), point(60, speed_kph=2.9, odometer_m=5), point(120)) == []


def test_it_opens_at_3_kph_and_stays_open_through_a_short_stand() -> None:
    trips = follow(*(point(second, speed_kph=speed) for second, speed in ((0, 3), (60, 0), (299, 0), (358, 20))))
    assert spans(trips) == [(at(0), None)]
    assert trips[0].moved_at == at(358)


def test_it_opens_as_the_odometer_moves_from_where_the_vehicle_stood() -> None:
    trips = follow(point(0, odometer_m=100), point(60, odometer_m=160))
    assert spans(trips) == [(at(0), None)]
    assert trips[0].distance_m == 60


def test_it_closes_after_5_minutes_of_standing_where_it_moved_last() -> None:
    trips = follow(*(point(second, speed_kph=speed) for second, speed in ((0, 30), (60, 30), (359, 0), (360, 0))))
    assert spans(trips) == [(at(0), at(60))]


def test_it_closes_as_the_vehicle_is_plugged_in() -> None:
    trips = follow(point(0, speed_kph=30), point(10, speed_kph=0, plugged_in=True))
    assert spans(trips) == [(at(0), at(0))]


def test_a_vehicle_that_is_plugged_in_does_not_set_off() -> None:
    assert follow(point(0, speed_kph=30, plugged_in=True)) == []


def test_it_closes_at_a_gap_of_more_than_15_minutes_and_the_next_one_opens_after_it() -> None:
    gap = timedelta(minutes=15).total_seconds()
    whole = follow(point(0, speed_kph=30), point(gap, speed_kph=30))
    assert spans(whole) == [(at(0), None)]
    torn = follow(point(0, speed_kph=30, odometer_m=1), point(gap + 1, speed_kph=30, odometer_m=9_000))
    assert spans(torn) == [(at(0), at(0)), (at(gap + 1), None)]
    assert torn[1].distance_m == 0


def test_it_goes_on_with_what_was_known_before() -> None:
    first = point(0, speed_kph=30, odometer_m=100, energy_out_wh=10, energy_regen_wh=0)
    [trip] = follow(first)
    second = point(60, speed_kph=30, odometer_m=600, energy_out_wh=110, energy_regen_wh=20)
    [gone_on] = follow(second, previous=first, trip=trip)
    assert (gone_on.id, gone_on.distance_m, gone_on.energy_wh) == (trip.id, 500, 80)
    assert follow(point(120, speed_kph=0), previous=second, trip=gone_on) == []


def test_several_trips_of_one_track_come_in_their_order() -> None:
    track = [(0, 30), (60, 0), (301, 0), (400, 30), (460, 0), (800, 0), (900, 30)]
    trips = follow(*(point(second, speed_kph=speed) for second, speed in track))
    assert spans(trips) == [(at(0), at(0)), (at(400), at(400)), (at(900), None)]


def test_counters_that_are_first_known_on_the_way_start_there() -> None:
    [trip] = follow(point(0, speed_kph=30), point(10, speed_kph=30, odometer_m=500), point(20, speed_kph=30))
    assert (trip.start_odometer_m, trip.end_odometer_m, trip.energy_wh) == (500, 500, None)
