"""What a seeded vehicle reported on its last day, the trips that this makes, and the borders that it crosses."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from fleet_api.demo.cars import DemoCar
from fleet_api.demo.demo_ids import demo_id
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.entities.geofence_crossing import GeofenceCrossing
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.entities.trip import Trip
from fleet_api.telemetry.domain.geofence_watch import watch
from fleet_api.telemetry.domain.trip_segmenter import TripSegmenter

SOURCE = "obd"
_ON_THE_WAY = timedelta(seconds=1)


def demo_points(car: DemoCar) -> Iterator[TelemetryPoint]:
    for sequence, point in enumerate(car.points):
        yield TelemetryPoint(
            **point._asdict(),
            source=SOURCE,
            sequence=sequence,
            vehicle_id=car.vehicle.id,
            fleet_provider_id=car.vehicle.fleet_provider_id,
            received_at=point.recorded_at + _ON_THE_WAY,
        )


def demo_crossings(
    geofences: Sequence[Geofence], tracks: Sequence[Sequence[TelemetryPoint]]
) -> Iterator[GeofenceCrossing]:
    for crossing in watch(geofences, set(), {track[0].vehicle_id: track for track in tracks}):
        name = f"crossing/{crossing.geofence_id}/{crossing.vehicle_id}/{crossing.crossed_at}"
        yield replace(crossing, id=demo_id(name, crossing.crossed_at))


def demo_trips(track: Sequence[TelemetryPoint]) -> Iterator[Trip]:
    for trip in TripSegmenter(None, None).follow(track):
        yield replace(trip, id=demo_id(f"trip/{trip.vehicle_id}/{trip.started_at}", trip.started_at))
