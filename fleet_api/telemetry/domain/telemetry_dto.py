from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, InstanceOf, ValidationInfo, field_validator

from fleet_api.shared.domain.dto import CommandDto, Dto
from fleet_api.shared.domain.fields import YEARS
from fleet_api.shared.domain.input_errors import Problem
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.page import PageRequest
from fleet_api.shared.domain.text import Text
from fleet_api.telemetry.domain.geometry import Bounds
from fleet_api.telemetry.domain.point_rules import MAX_AHEAD
from fleet_api.telemetry.domain.reports import Reports
from fleet_api.telemetry.domain.telemetry_errors import invalid_span, span_too_long, time_out_of_range, zone_needed
from fleet_api.vehicles.domain.vehicle_dto import VehicleFilter

MAX_POINTS = 5_000
MAX_SPAN = timedelta(days=31)
DEFAULT_SPAN = timedelta(hours=24)

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class RecordTelemetryDto(CommandDto):
    # Not validated one by one: 5,000 points have no time for it, and a bad one must not refuse the others.
    points: Annotated[InstanceOf[Reports], Field(min_length=1, max_length=MAX_POINTS)] = Field(
        description=f"1 to {MAX_POINTS} points, of any vehicles, in any order."
    )


class BoxDto(Dto):
    """A rectangle on the map. Where west is greater than east, it spans the antimeridian."""

    argument: ClassVar[str] = "box"

    south: Latitude = Field(description="Southern edge, degrees.")
    west: Longitude = Field(description="Western edge, degrees; greater than `east` across the antimeridian.")
    north: Latitude = Field(description="Northern edge, degrees; not south of `south`.")
    east: Longitude = Field(description="Eastern edge, degrees.")

    @field_validator("north")
    @classmethod
    def _is_upright(cls, north: float, others: ValidationInfo) -> float:
        if north < others.data.get("south", north):
            raise Problem(
                "INVALID_BOX",
                Text("`north` must not be south of `south`.", "`north` no debe estar al sur de `south`."),
            )
        return north

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.south, self.west, self.north, self.east)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, from `start` to just before `end`."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class SpanAsked:
    """The `from` and `to` that a client sent. It is `resolved` by the use case, so that all objects of a level that
    left them out ask the very same thing."""

    start: datetime | None = None
    end: datetime | None = None

    def resolved(self, now: datetime) -> Span:
        """By default the last 24 hours with what clocks that run ahead tell already. Raises `Refused` without a zone,
        when inverted, and above 31 days."""
        for name, value in (("from", self.start), ("to", self.end)):
            if value is not None and value.tzinfo is None:
                raise Refused(zone_needed(name))
            if value is not None and not YEARS[0] <= value.year <= YEARS[1]:
                raise Refused(time_out_of_range(name))
        end = self.end or (self.start + DEFAULT_SPAN if self.start else now + MAX_AHEAD)
        start = self.start or end - DEFAULT_SPAN
        if start >= end:
            raise Refused(invalid_span())
        if end - start > MAX_SPAN:
            raise Refused(span_too_long(MAX_SPAN.days))
        return Span(start, end)


@dataclass(frozen=True, slots=True)
class HistoryAsked:
    """One page of a vehicle's points within a span."""

    page: PageRequest
    span: SpanAsked


@dataclass(frozen=True, slots=True)
class VehiclesWithinAsked:
    page: PageRequest
    box: BoxDto
    filter: VehicleFilter | None = None


@dataclass(frozen=True, slots=True)
class LowBatteriesAsked:
    """Whose latest point tells of less than so many per cent."""

    page: PageRequest
    below_pct: int


@dataclass(frozen=True, slots=True)
class PositionsAsked:
    """Whose positions: of these vehicles (None: of all), within the box, received no earlier than `since`."""

    vehicle_ids: Sequence[UUID] | None = None
    bounds: Bounds | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PositionWatch:
    """Whose positions are followed: of these vehicles (None: of all that the viewer sees), while they are within the
    bounds, and each at most every so many seconds."""

    vehicle_ids: frozenset[UUID] | None
    bounds: Bounds | None
    min_interval_s: float
