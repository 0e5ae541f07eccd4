"""A point of a vehicle's history."""

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple, Self
from uuid import UUID

from fleet_api.telemetry.domain.entities.observation import Observation

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


# What a device may call itself, and how far it may count: PostgreSQL's integer.
SOURCE = re.compile(r"[A-Za-z0-9._-]{1,32}")
MAX_SEQUENCE = 2**31 - 1


class PointKey(NamedTuple):
    """What tells one point from every other: a device repeats it when it sends the same point twice."""

    vehicle_id: UUID
    recorded_at: datetime
    source: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.vehicle_id}/{(self.recorded_at - _EPOCH) // _MICROSECOND}/{self.sequence}/{self.source}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` made. Raises `ValueError` for anything else."""
        vehicle, micros, sequence, source = text.split("/", 3)
        try:
            key = cls(UUID(vehicle), _EPOCH + timedelta(microseconds=int(micros)), source, int(sequence))
        except OverflowError as error:
            raise ValueError(text) from error
        if str(key) != text or not SOURCE.fullmatch(source) or not 0 <= key.sequence <= MAX_SEQUENCE:
            raise ValueError(text)
        return key


@dataclass(frozen=True, slots=True)
class TelemetryPoint(Observation):
    vehicle_id: UUID
    fleet_provider_id: UUID
    received_at: datetime

    @classmethod
    def of(cls, observation: Observation, vehicle_id: UUID, provider_id: UUID, received_at: datetime) -> Self:
        return cls(*[*_observed(observation), vehicle_id, provider_id, received_at])

    @property
    def key(self) -> PointKey:
        return PointKey(self.vehicle_id, self.recorded_at, self.source, self.sequence)

    @property
    def id(self) -> str:
        """A point has no number of its own: its key is its id."""
        return str(self.key)


_observed = attrgetter(*(field.name for field in fields(Observation)))
