"""recordTelemetry: what becomes of each point."""

from datetime import UTC, datetime, timedelta

import pytest

from fleet_api.shared.domain.permission import Role
from tests.support.api import Api, global_id
from tests.support.telemetry import RECORD, START, record, told
from tests.support.world import World

LATEST = "query($id: ID!) { vehicle(id: $id) { odometerM latestTelemetry { recordedAt speedKph } } }"


async def test_the_same_point_twice_is_a_duplicate(api: Api, world: World) -> None:
    """telemetry rule 1."""
    car = await world.vehicle(await world.provider())
    first = await record(api, car, told(car), told(car, sequence=1), told(car))
    assert (first["accepted"], first["duplicate"]) == (2, 1)
    again = await record(api, car, told(car, speedKph=50), told(car, source="phone"), told(car, 1))
    assert [outcome["outcome"] for outcome in again["outcomes"]] == ["DUPLICATE", "ACCEPTED", "ACCEPTED"]


async def test_the_latest_only_moves_forward_and_late_points_go_to_history(api: Api, world: World) -> None:
    """telemetry rule 2."""
    north = await world.provider()
    car = await world.vehicle(north)
    await record(api, car, told(car, 60, speedKph=60))
    late = await record(api, car, told(car, 30, speedKph=30))
    assert (late["late"], late["accepted"], late["outcomes"][0]["outcome"]) == (1, 0, "LATE")
    data = await api.as_role(Role.DISPATCHER, north.id).data(
        """query($id: ID!) { vehicle(id: $id) { latestTelemetry { speedKph }
        telemetry { edges { node { speedKph } } } } }""",
        {"id": global_id("Vehicle", car.id)},
    )
    assert data["vehicle"]["latestTelemetry"]["speedKph"] == 60
    assert [edge["node"]["speedKph"] for edge in data["vehicle"]["telemetry"]["edges"]] == [60, 30]


async def test_a_point_more_than_5_minutes_ahead_is_rejected(api: Api, world: World) -> None:
    """telemetry rule 3."""
    car = await world.vehicle(await world.provider())
    now = datetime.now(UTC)
    wrong, right = (told(car, recordedAt=(now + timedelta(minutes=ahead)).isoformat()) for ahead in (6, 4))
    receipt = await record(api, car, wrong, right)
    assert [outcome["code"] for outcome in receipt["outcomes"]] == ["FUTURE", None]
    assert (receipt["accepted"], receipt["rejected"]) == (1, 1)


async def test_a_call_in_any_order_moves_its_vehicles_to_their_newest_points(api: Api, world: World) -> None:
    north = await world.provider()
    one, other = await world.vehicle(north), await world.vehicle(north)
    receipt = await record(api, one, told(one, 20, speedKph=20), told(other, 5, speedKph=5), told(one, 10, speedKph=10))
    assert receipt["accepted"] == 3
    for car, speed in ((one, 20), (other, 5)):
        data = await api.as_role(Role.DISPATCHER, north.id).data(LATEST, {"id": global_id("Vehicle", car.id)})
        assert data["vehicle"]["latestTelemetry"]["speedKph"] == speed


async def test_bad_points_are_told_of_and_do_not_fail_the_others(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    stranger = await world.vehicle(await world.provider())
    receipt = await record(
        api,
        car,
        told(car, recordedAt=START.replace(tzinfo=None).isoformat()),
        told(car, -91 * 86_400),
        told(stranger),
        told(car, vehicleId=global_id("Vehicle", "01890000-0000-7000-8000-000000000001")),
        told(car, vehicleId=global_id("Driver", car.id)),
        told(car, latitude=90.1),
        told(car, stateOfChargePct=101),
        told(car, source="my phone"),
        told(car, 7),
    )
    fields = ["recordedAt"] * 2 + ["vehicleId"] * 3 + ["latitude", "stateOfChargePct", "source"]
    paths = [f"points[{index}].{field}" for index, field in enumerate(fields)]
    assert [outcome["field"] for outcome in receipt["outcomes"]] == [*paths, None]
    codes = ["INVALID_TIME", "TOO_OLD", *["UNKNOWN_VEHICLE"] * 3, "INVALID_POSITION", *["INVALID_VALUE"] * 2, None]
    assert [outcome["code"] for outcome in receipt["outcomes"]] == codes
    assert receipt["outcomes"][6]["message"] == "The value of stateOfChargePct is out of range."
    assert (receipt["accepted"], receipt["rejected"]) == (1, 8)


async def test_another_tenants_vehicle_answers_as_one_that_nobody_has(api: Api, world: World) -> None:
    car, stranger = await world.vehicle(await world.provider()), await world.vehicle(await world.provider())
    nobodys = told(car, vehicleId=global_id("Vehicle", "01890000-0000-7000-8000-000000000001"))
    receipt = await record(api, car, told(stranger), nobodys)
    theirs, nobodys = ({**outcome, "index": 0, "field": outcome["field"][9:]} for outcome in receipt["outcomes"])
    assert theirs == nobodys


async def test_the_odometer_never_falls_from_point_to_point_nor_on_the_vehicle(api: Api, world: World) -> None:
    north = await world.provider()
    car = await world.vehicle(north, odometer_m=1_000)
    await record(api, car, told(car, 0, odometerM=2_000))
    receipt = await record(api, car, told(car, 10, odometerM=1_999), told(car, 20, odometerM=2_500))
    assert [outcome["code"] for outcome in receipt["outcomes"]] == ["ODOMETER_FELL", None]
    # Late points tell of an earlier time, when less had been driven.
    assert (await record(api, car, told(car, -10, odometerM=1_500)))["late"] == 1
    data = await api.as_role(Role.DISPATCHER, north.id).data(LATEST, {"id": global_id("Vehicle", car.id)})
    assert data["vehicle"]["odometerM"] == 2_500


async def test_a_reading_below_the_books_is_a_fall_though_the_latest_point_tells_none(api: Api, world: World) -> None:
    north = await world.provider()
    car = await world.vehicle(north, odometer_m=9_000)
    receipt = await record(api, car, told(car, 0), told(car, 5, odometerM=5_000), told(car, 10, odometerM=9_000))
    assert [outcome["code"] for outcome in receipt["outcomes"]] == [None, "ODOMETER_FELL", None]
    await record(api, car, told(car, 20, source="phone"))
    receipt = await record(api, car, told(car, 30, odometerM=8_999))
    assert [outcome["code"] for outcome in receipt["outcomes"]] == ["ODOMETER_FELL"]
    data = await api.as_role(Role.DISPATCHER, north.id).data(LATEST, {"id": global_id("Vehicle", car.id)})
    assert data["vehicle"]["odometerM"] == 9_000


async def test_a_jump_that_no_vehicle_can_drive_is_no_reading(api: Api, world: World) -> None:
    north = await world.provider()
    car = await world.vehicle(north, odometer_m=2_000_000)
    await record(api, car, told(car, 0, odometerM=2_000_000), told(car, 600, source="phone"))
    # 10 km beside 500 km/h for 20 minutes since the vehicle itself told, whatever a phone told in between.
    most = 2_000_000 + 10_000 + 166_666
    receipt = await record(
        api, car, told(car, 1_200, odometerM=2_147_483_647), told(car, 1_200, sequence=1, odometerM=most + 1)
    )
    jumped = {"outcome": "REJECTED", "code": "ODOMETER_JUMPED", "field": "points[0].odometerM"}
    assert receipt["outcomes"][0].items() >= jumped.items()
    assert receipt["rejected"] == 2
    assert (await record(api, car, told(car, 1_200, odometerM=most)))["accepted"] == 1


async def test_a_late_reading_raises_the_odometer_too(api: Api, world: World) -> None:
    north = await world.provider()
    car = await world.vehicle(north, odometer_m=1_000)
    await record(api, car, told(car, 60, source="phone"))
    assert (await record(api, car, told(car, 30, odometerM=2_000)))["late"] == 1
    data = await api.as_role(Role.DISPATCHER, north.id).data(LATEST, {"id": global_id("Vehicle", car.id)})
    assert data["vehicle"]["odometerM"] == 2_000


async def test_messages_follow_the_language(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    device = api.as_role(Role.DEVICE, car.fleet_provider_id)
    input = {"points": [told(car, longitude=-181)]}
    answer = await device.execute(RECORD, {"input": input}, accept_language="es")
    assert "fuera de rango" in answer.data["recordTelemetry"]["outcomes"][0]["message"]


async def test_a_call_is_replayed_by_its_key(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    points = [told(car), told(car, 5, latitude=99)]
    first = await record(api, car, *points, idempotencyKey="trip-7")
    assert (first["accepted"], first["rejected"]) == (1, 1)
    assert await record(api, car, *points, idempotencyKey="trip-7") == first
    reused = await record(api, car, told(car, 9), idempotencyKey="trip-7")
    assert reused["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_a_call_takes_1_to_5000_points(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    for points in ([], [told(car)] * 5_001):
        refusal = await record(api, car, *points)
        assert (refusal["httpStatus"], refusal["field"]) == (400, "input.points")


@pytest.mark.parametrize("cars", [1, 5])
async def test_a_call_costs_the_same_statements_however_many_points_and_vehicles(
    api: Api, world: World, statements: list[str], cars: int
) -> None:
    north = await world.provider()
    fleet = [await world.vehicle(north) for _ in range(cars)]
    points = [told(car, second, speedKph=50, odometerM=2_000_000 + second) for car in fleet for second in range(100)]
    statements.clear()
    receipt = await record(api, fleet[0], *points)
    assert receipt["accepted"] == 100 * cars
    # Vehicles, latest, when odometers were read, history, odometers, latest again, trips under way, trips saved,
    # geofences near.
    assert len(statements) == 9
    statements.clear()
    await record(api, fleet[0], *(told(car, 200, speedKph=50, odometerM=2_000_200) for car in fleet))
    # The latest points tell when odometers were read.
    assert len(statements) == 8


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.FINANCE, Role.AUDITOR])
async def test_only_devices_and_administrators_record(api: Api, world: World, role: Role) -> None:
    car = await world.vehicle(await world.provider())
    data = await api.as_role(role, car.fleet_provider_id).data(RECORD, {"input": {"points": [told(car)]}})
    assert data["recordTelemetry"]["code"] == "FORBIDDEN"
    admin = api.as_role(Role.PROVIDER_ADMIN, car.fleet_provider_id)
    assert (await admin.data(RECORD, {"input": {"points": [told(car)]}}))["recordTelemetry"]["accepted"] == 1
    ops = api.as_role(Role.PLATFORM_OPS)
    assert (await ops.data(RECORD, {"input": {"points": [told(car)]}}))["recordTelemetry"]["duplicate"] == 1


async def test_a_point_may_stand_in_the_document_itself(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    fields = f'recordedAt: "{START.isoformat()}", source: "obd", latitude: 59, longitude: 10.5'
    points = f'{{ vehicleId: "{global_id("Vehicle", car.id)}", {fields} }}'
    document = f"""mutation($other: TelemetryPointInput!) {{
      recordTelemetry(input: {{ points: [{points}, {points}, $other] }}) {{
        ... on TelemetryReceipt {{ accepted duplicate exceptions {{ index outcome }} }} }} }}"""
    device = api.as_role(Role.DEVICE, car.fleet_provider_id)
    data = await device.data(document, {"other": told(car, 1)})
    assert data["recordTelemetry"] == {
        "accepted": 2,
        "duplicate": 1,
        "exceptions": [{"index": 1, "outcome": "DUPLICATE"}],
    }


async def test_one_point_of_a_wrong_type_refuses_the_call_and_is_named(api: Api, world: World) -> None:
    car = await world.vehicle(await world.provider())
    device = api.as_role(Role.DEVICE, car.fleet_provider_id)
    answer = await device.execute(RECORD, {"input": {"points": [told(car), told(car, 1, odometerM=2**31)]}})
    assert (answer.response.json().get("data"), answer.codes) == (None, ["GRAPHQL_VALIDATION_FAILED"])
    assert "at .points[1].odometerM" in answer.errors[0]["message"]
    assert (await record(api, car, told(car)))["accepted"] == 1
