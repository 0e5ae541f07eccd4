"""What is asked: six workloads, in the words of our schema."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from strawberry.relay import to_base64

from benchmarks.load import CONCURRENCY, Requests
from benchmarks.worlds import BENCH, TEN_TIMES, WRITES, Worlds
from fleet_api.demo.demo_ids import provider_id

PROVIDER = provider_id("north")

_DRIVERS_ASKED = 400
SKIPPED = 100
"""Drivers before the page of C: the first ones of the seeded world drove too seldom to have five assignments."""
_POINTS = 100
_STAMP = "2000-01-01T00:00:00.000000+00:00"

A = """query A($id: ID!) { driver(id: $id) {
  id fullName phone email locale licenceNumber licenceCountry licenceExpiresOn status version } }"""
B = """query B { drivers(first: 50) { edges { node { id fullName locale status
  currentVehicle { id vin plate plateCountry usableBatteryKwh status odometerM version
    latestTelemetry { recordedAt latitude longitude speedKph stateOfChargePct odometerM } } } } } }"""
C = """query C($after: String!, $from: DateTime!, $to: DateTime!) {
  drivers(first: 20, after: $after) { edges { node { id fullName
  assignments(first: 5) { edges { node { id startedAt endedAt
    vehicle { id plate
      telemetry(first: 5, from: $from, to: $to) { edges { node {
        recordedAt latitude longitude speedKph stateOfChargePct } } } } } } } } } } }"""
D = """query D($box: BoxInput!) { vehiclesWithin(box: $box, first: 500) { edges { node {
  __typename id vin plate plateCountry usableBatteryKwh status odometerM version createdAt } } } }"""
E = """mutation E($input: RecordTelemetryInput!) { recordTelemetry(input: $input) {
  ... on TelemetryReceipt { accepted duplicate late rejected } ... on Error { code message field } } }"""


@dataclass(frozen=True, slots=True)
class Workload:
    """One operation and what it is asked with: each of `variables` is one request.

    role: whose token it takes. after: the global id of the driver behind whose cursor, `$after`, the page begins.
    stamped: `_STAMP` in a request becomes a time that no request had before.
    """

    name: str
    about: str
    database: str
    document: str
    variables: Sequence[Mapping[str, Any]]
    role: str = "dispatcher"
    after: str | None = None
    stamped: bool = False

    @property
    def operation(self) -> str:
        """The name of the document's operation: a letter."""
        return self.name[0]

    def bodies(self, **more: Any) -> list[bytes]:
        """Of its requests, with these variables too."""
        return [
            orjson.dumps({"query": self.document, "operationName": self.operation, "variables": {**each, **more}})
            for each in self.variables
        ]


def streams(messages: Sequence[bytes], *, stamped: bool) -> list[Requests]:
    """What each connection sends. Stamped ones are never shared: two of one vehicle would wait for each other."""
    if stamped:
        return [_stamped(messages[index::CONCURRENCY]) for index in range(CONCURRENCY)]
    return [itertools.cycle([*messages[index:], *messages[:index]]) for index in range(CONCURRENCY)]


def _stamped(messages: Sequence[bytes]) -> Iterator[bytes]:
    blank = _STAMP.encode()
    for message in itertools.cycle(messages):
        yield message.replace(blank, _now().encode())


_last = datetime(2000, 1, 1, tzinfo=UTC)


def _now() -> str:
    """The time in as many characters as `_STAMP` has; never the same twice."""
    global _last  # noqa: PLW0603
    _last = max(datetime.now(UTC), _last + timedelta(microseconds=1))
    return _last.isoformat(timespec="microseconds")


def workloads(worlds: Worlds) -> dict[str, Workload]:
    box, inside = _box(worlds)
    driver, span = _driver_before_the_page(worlds), _span(worlds)
    found = (
        Workload("A", "one driver, 10 fields", BENCH, A, _driver_ids(worlds)),
        Workload("B", "50 drivers → current vehicle → latest telemetry", BENCH, B, [{}]),
        Workload("C", "20 drivers → 5 assignments → vehicle → 5 points", BENCH, C, [span], after=driver),
        Workload("D", f"500 vehicles × 10 fields, of {inside} in a box", BENCH, D, [{"box": box}]),
        Workload("E", f"a mutation: record {_POINTS} points", WRITES, E, _reports(worlds), role="device", stamped=True),
        Workload("B10", "B at ten times the rows", TEN_TIMES, B, [{}]),
    )
    return {workload.name: workload for workload in found}


def _driver_ids(worlds: Worlds) -> list[Mapping[str, Any]]:
    some = "SELECT id FROM drivers WHERE fleet_provider_id = $1 ORDER BY md5(id::text) LIMIT $2"
    return [{"id": to_base64("Driver", row["id"])} for row in worlds.rows(BENCH, some, PROVIDER, _DRIVERS_ASKED)]


def _driver_before_the_page(worlds: Worlds) -> str:
    nth = "SELECT id FROM drivers WHERE fleet_provider_id = $1 ORDER BY id LIMIT 1 OFFSET $2"
    (row,) = worlds.rows(BENCH, nth, PROVIDER, SKIPPED - 1)
    return to_base64("Driver", row["id"])


def _span(worlds: Worlds) -> Mapping[str, str]:
    (row,) = worlds.rows(BENCH, "SELECT max(recorded_at) AS last FROM telemetry_points")
    return {"from": (row["last"] - timedelta(days=1)).isoformat(), "to": (row["last"] + timedelta(hours=1)).isoformat()}


def _box(worlds: Worlds) -> tuple[Mapping[str, float], int]:
    """A box around the middle of where the vehicles are that holds 500 and as few more as may be, and how many."""
    places = worlds.rows(
        BENCH, "SELECT latitude, longitude FROM latest_telemetry WHERE fleet_provider_id = $1", PROVIDER
    )
    middle = sorted(row["latitude"] for row in places)[len(places) // 2]
    center = sorted(row["longitude"] for row in places)[len(places) // 2]
    reach = sorted(max(abs(row["latitude"] - middle) * 2, abs(row["longitude"] - center)) for row in places)[499]
    box = {
        "south": middle - reach / 2 - 1e-9,
        "west": center - reach - 1e-9,
        "north": middle + reach / 2 + 1e-9,
        "east": center + reach + 1e-9,
    }
    inside = sum(
        box["south"] <= row["latitude"] <= box["north"] and box["west"] <= row["longitude"] <= box["east"]
        for row in places
    )
    return box, inside


def _reports(worlds: Worlds) -> list[Mapping[str, Any]]:
    """For each connection the reports of two depots: a hundred vehicles, one point of each, all of one instant."""
    told = worlds.rows(
        BENCH,
        "SELECT * FROM latest_telemetry WHERE fleet_provider_id = $1 ORDER BY vehicle_id LIMIT $2",
        PROVIDER,
        2 * CONCURRENCY * _POINTS,
    )
    points = [
        {
            "vehicleId": to_base64("Vehicle", row["vehicle_id"]),
            "recordedAt": _STAMP,
            "source": "obd",
            "sequence": 0,
            "latitude": row["latitude"],
            "longitude": row["longitude"],
            "speedKph": 36.5,
            "headingDeg": row["heading_deg"],
            "stateOfChargePct": row["state_of_charge_pct"],
            "rangeM": row["range_m"],
            "odometerM": row["odometer_m"],
            "batteryTemperatureC": row["battery_temperature_c"],
            "pluggedIn": False,
        }
        for row in told
    ]
    return [{"input": {"points": points[start : start + _POINTS]}} for start in range(0, len(points), _POINTS)]
