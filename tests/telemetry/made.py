"""Points, for tests to stand on: believable where nobody says otherwise."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from fleet_api.telemetry.domain.entities.observation import Observation
from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.reports import ReportedPoint

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
START = NOW - timedelta(hours=1)
PROVIDER, CAR, OTHER = (UUID(int=number) for number in (1, 2, 3))

_NOTHING: dict[str, Any] = {field.name: None for field in fields(Observation)}
_SOMEWHERE = {"source": "obd", "sequence": 0, "latitude": 59.91, "longitude": 10.75}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def reported(seconds: float = 0, vehicle_id: UUID | None = CAR, **values: Any) -> ReportedPoint:
    """`seconds` after START."""
    given = {"recorded_at": at(seconds), **_SOMEWHERE, **values}
    return ReportedPoint(**(_NOTHING | given), vehicle_id=vehicle_id)


def point(seconds: float = 0, vehicle_id: UUID = CAR, **values: Any) -> TelemetryPoint:
    return TelemetryPoint.of(reported(seconds, vehicle_id, **values), vehicle_id, PROVIDER, NOW)
