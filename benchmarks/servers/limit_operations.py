"""The operations as somebody writes them by hand who wants speed: one statement per level, rows shaped on the way."""

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.servers.limit_statements import (
    ASSIGNMENTS,
    CURRENT_VEHICLES,
    DRIVER,
    DRIVERS,
    LATEST,
    MOVE,
    NAMES,
    PLATES,
    POINTS,
    RECORD,
    WITHIN,
)

PROVIDER = UUID(os.environ["BENCH_PROVIDER"])

Variables = Mapping[str, Any]


def global_id(kind: str, id: UUID) -> str:
    return b64encode(f"{kind}:{id}".encode()).decode()


def local_id(value: str) -> UUID:
    return UUID(b64decode(value).decode().partition(":")[2])


def edges(nodes: Iterable[Any]) -> dict[str, Any]:
    return {"edges": [{"node": node} for node in nodes]}


async def one_driver(pool: asyncpg.Pool, variables: Variables) -> Any:
    row = await pool.fetchrow(DRIVER, local_id(variables["id"]), PROVIDER)
    if row is None:
        return {"driver": None}
    return {
        "driver": {
            "id": global_id("Driver", row["id"]),
            "fullName": row["full_name"],
            "phone": row["phone"],
            "email": row["email"],
            "locale": row["locale"],
            "licenceNumber": row["licence_number"],
            "licenceCountry": row["licence_country"],
            "licenceExpiresOn": row["licence_expires_on"],
            "status": row["status"],
            "version": row["version"],
        }
    }


async def drivers_with_vehicles(pool: asyncpg.Pool, variables: Variables) -> Any:
    async with pool.acquire() as connection:
        drivers = await connection.fetch(DRIVERS, PROVIDER, 50)
        held = await connection.fetch(CURRENT_VEHICLES, [row["id"] for row in drivers], PROVIDER)
        latest = await connection.fetch(LATEST, [row["id"] for row in held], PROVIDER)
    points = {
        row["vehicle_id"]: {
            "recordedAt": row["recorded_at"],
            "latitude": row["latitude"],
            "longitude": row["longitude"],
            "speedKph": row["speed_kph"],
            "stateOfChargePct": row["state_of_charge_pct"],
            "odometerM": row["odometer_m"],
        }
        for row in latest
    }
    vehicles = {
        row["driver_id"]: {
            "id": global_id("Vehicle", row["id"]),
            "vin": row["vin"],
            "plate": row["plate"],
            "plateCountry": row["plate_country"],
            "usableBatteryKwh": row["usable_battery_kwh"],
            "status": row["status"],
            "odometerM": row["odometer_m"],
            "version": row["version"],
            "latestTelemetry": points.get(row["id"]),
        }
        for row in held
    }
    return {
        "drivers": edges(
            {
                "id": global_id("Driver", row["id"]),
                "fullName": row["full_name"],
                "locale": row["locale"],
                "status": row["status"],
                "currentVehicle": vehicles.get(row["id"]),
            }
            for row in drivers
        )
    }


async def drivers_with_histories(pool: asyncpg.Pool, variables: Variables) -> Any:
    start, end = datetime.fromisoformat(variables["from"]), datetime.fromisoformat(variables["to"])
    async with pool.acquire() as connection:
        drivers = await connection.fetch(NAMES, PROVIDER, local_id(variables["after"]), 20)
        assignments = await connection.fetch(ASSIGNMENTS, [row["id"] for row in drivers], PROVIDER, 5)
        vehicle_ids = list({row["vehicle_id"] for row in assignments})
        vehicles = await connection.fetch(PLATES, vehicle_ids, PROVIDER)
        points = await connection.fetch(POINTS, [row["id"] for row in vehicles], PROVIDER, start, end, 5)
    tracks: dict[UUID, list[Any]] = {row["id"]: [] for row in vehicles}
    for row in points:
        tracks[row["vehicle_id"]].append(
            {
                "recordedAt": row["recorded_at"],
                "latitude": row["latitude"],
                "longitude": row["longitude"],
                "speedKph": row["speed_kph"],
                "stateOfChargePct": row["state_of_charge_pct"],
            }
        )
    shown = {
        row["id"]: {
            "id": global_id("Vehicle", row["id"]),
            "plate": row["plate"],
            "telemetry": edges(tracks[row["id"]]),
        }
        for row in vehicles
    }
    histories: dict[UUID, list[Any]] = {row["id"]: [] for row in drivers}
    for row in assignments:
        histories[row["driver_id"]].append(
            {
                "id": global_id("VehicleAssignment", row["id"]),
                "startedAt": row["started_at"],
                "endedAt": row["ended_at"],
                "vehicle": shown.get(row["vehicle_id"]),
            }
        )
    return {
        "drivers": edges(
            {
                "id": global_id("Driver", row["id"]),
                "fullName": row["full_name"],
                "assignments": edges(histories[row["id"]]),
            }
            for row in drivers
        )
    }


async def vehicles_in_a_box(pool: asyncpg.Pool, variables: Variables) -> Any:
    box = variables["box"]
    rows = await pool.fetch(WITHIN, PROVIDER, box["south"], box["west"], box["north"], box["east"], 500)
    return {
        "vehiclesWithin": edges(
            {
                "__typename": "Vehicle",
                "id": global_id("Vehicle", row["id"]),
                "vin": row["vin"],
                "plate": row["plate"],
                "plateCountry": row["plate_country"],
                "usableBatteryKwh": row["usable_battery_kwh"],
                "status": row["status"],
                "odometerM": row["odometer_m"],
                "version": row["version"],
                "createdAt": datetime.fromtimestamp((row["id"].int >> 80) / 1000, UTC),
            }
            for row in rows
        )
    }


async def record(pool: asyncpg.Pool, variables: Variables) -> Any:
    """The history and the latest positions. It keeps neither trips nor geofences nor odometers, and checks nothing."""
    points = variables["input"]["points"]
    columns = (
        [datetime.fromisoformat(point["recordedAt"]) for point in points],
        [point["source"] for point in points],
        [point["sequence"] for point in points],
        [point["latitude"] for point in points],
        [point["longitude"] for point in points],
        [point["speedKph"] for point in points],
        [point["headingDeg"] for point in points],
        [point["stateOfChargePct"] for point in points],
        [point["rangeM"] for point in points],
        [point["odometerM"] for point in points],
        [point["batteryTemperatureC"] for point in points],
        [point["pluggedIn"] for point in points],
        [local_id(point["vehicleId"]) for point in points],
    )
    now = datetime.now(UTC)
    async with pool.acquire() as connection, connection.transaction():
        new = await connection.fetch(RECORD, *columns, PROVIDER, now)
        await connection.execute(MOVE, *columns, PROVIDER, now)
    receipt = {"accepted": len(new), "duplicate": len(points) - len(new), "late": 0, "rejected": 0}
    return {"recordTelemetry": receipt}
