"""Points as devices tell them, by the column: thousands of them have no time to be an object each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Self
from uuid import UUID

from fleet_api.telemetry.domain.entities.observation import Observation


@dataclass(frozen=True, slots=True)
class ReportedPoint(Observation):
    """A point as a device tells it, unchecked. vehicle_id: None when what was sent is no vehicle's id."""

    vehicle_id: UUID | None


@dataclass(frozen=True, slots=True)
class Reports:
    """The fields of `ReportedPoint`, each a column of the same length; empty where no point has a value."""

    vehicle_id: Sequence[UUID | None] = ()
    recorded_at: Sequence[datetime] = ()
    source: Sequence[str] = ()
    sequence: Sequence[int] = ()
    latitude: Sequence[float] = ()
    longitude: Sequence[float] = ()
    speed_kph: Sequence[float | None] = ()
    heading_deg: Sequence[float | None] = ()
    accuracy_m: Sequence[float | None] = ()
    state_of_charge_pct: Sequence[float | None] = ()
    state_of_health_pct: Sequence[float | None] = ()
    range_m: Sequence[int | None] = ()
    odometer_m: Sequence[int | None] = ()
    battery_voltage_v: Sequence[float | None] = ()
    battery_current_a: Sequence[float | None] = ()
    battery_temperature_c: Sequence[float | None] = ()
    charging_power_kw: Sequence[float | None] = ()
    energy_out_wh: Sequence[int | None] = ()
    energy_regen_wh: Sequence[int | None] = ()
    plugged_in: Sequence[bool | None] = ()

    @classmethod
    def of(cls, points: Iterable[ReportedPoint]) -> Self:
        columns = zip(*map(_as_row, points), strict=True)
        return cls(**dict(zip(REPORTED, columns, strict=False)))

    def __len__(self) -> int:
        return len(self.recorded_at)

    def observed(self, place: int) -> Sequence[Any]:
        """The fields of `Observation` of the point at this place."""
        return [column[place] if column else None for column in _observed(self)]


REPORTED = tuple(field.name for field in fields(ReportedPoint))
_as_row = attrgetter(*REPORTED)
_observed = attrgetter(*(field.name for field in fields(Observation)))


def some(column: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    """What the column has at these places; nothing where it is empty."""
    return [column[place] for place in places] if column else ()
