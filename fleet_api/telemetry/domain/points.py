"""Some of a call's points, by the column and, where somebody looks at one, as points."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, overload
from uuid import UUID

from fleet_api.telemetry.domain.entities.telemetry_point import TelemetryPoint
from fleet_api.telemetry.domain.entities.trip import Whereabouts
from fleet_api.telemetry.domain.reports import Reports, some


class Points(Sequence[TelemetryPoint]):
    """Believed points. places: where they stand among the reports. providers: of their vehicles."""

    def __init__(
        self, reports: Reports, places: Sequence[int], providers: Mapping[UUID, UUID], received_at: datetime
    ) -> None:
        self.reports = reports
        self.places = places
        self._providers = providers
        self.received_at = received_at
        self._made: dict[int, TelemetryPoint] = {}

    def among(self, places: Sequence[int]) -> "Points":
        """Those at these places among the reports."""
        return Points(self.reports, places, self._providers, self.received_at)

    def column(self, name: str) -> Sequence[Any]:
        """A field of all of them; empty where it is None in all. received_at, the same of all, is no column."""
        if name == "fleet_provider_id":
            if self.provider:
                return [self.provider] * len(self)
            return list(map(self._providers.__getitem__, self.column("vehicle_id")))
        column: Sequence[Any] = getattr(self.reports, name)
        return column if self.are_all else some(column, self.places)

    @property
    def are_all(self) -> bool:
        """Whether they are all that was reported, in its order."""
        return self.places == range(len(self.reports))

    @property
    def provider(self) -> UUID | None:
        """The provider of all of them; None where there are several."""
        (first, *others) = set(self._providers.values())
        return None if others else first

    def last(self, name: str) -> Any:
        """A field of the last one."""
        column = getattr(self.reports, name)
        return column[self.places[-1]] if column else None

    def whereabouts(self, index: int) -> Whereabouts:
        place = self.places[index]
        return Whereabouts._make(column[place] if column else None for column in _whereabouts(self.reports))

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, index: int) -> TelemetryPoint: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[TelemetryPoint]: ...
    def __getitem__(self, index: int | slice) -> TelemetryPoint | Sequence[TelemetryPoint]:
        if isinstance(index, slice):
            return self.among(self.places[index])
        place = self.places[index]
        if place not in self._made:
            self._made[place] = self._point(place)
        return self._made[place]

    def _point(self, place: int) -> TelemetryPoint:
        vehicle_id = self.reports.vehicle_id[place]
        if vehicle_id is None:
            raise ValueError("a point of no vehicle is not believed")
        owned = vehicle_id, self._providers[vehicle_id], self.received_at
        return TelemetryPoint(*[*self.reports.observed(place), *owned])


_whereabouts = attrgetter(*Whereabouts._fields)
