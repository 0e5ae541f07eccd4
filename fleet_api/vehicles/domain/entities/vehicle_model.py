"""A model of the catalogue, which all providers share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from fleet_api.shared.domain import ids
from fleet_api.vehicles.domain.connector_standard import ConnectorStandard
from fleet_api.vehicles.domain.open_ev_data import ModelDraft


@dataclass(frozen=True, slots=True)
class VehicleModel:
    """Make, name, variant and year tell it from all others. dc_max_kw: None where it charges by AC alone."""

    id: UUID
    make: str
    name: str
    variant: str
    year: int
    usable_battery_kwh: float
    connector_types: Sequence[ConnectorStandard]
    ac_max_kw: float
    dc_max_kw: float | None
    range_m: int | None

    @classmethod
    def of(cls, draft: ModelDraft) -> Self:
        return cls(
            id=ids.new_id(),
            make=draft.make,
            name=draft.name,
            variant=draft.variant,
            year=draft.year,
            usable_battery_kwh=draft.usable_battery_kwh,
            connector_types=list(draft.connector_types),
            ac_max_kw=draft.ac_max_kw,
            dc_max_kw=draft.dc_max_kw,
            range_m=draft.range_m,
        )

    @property
    def created_at(self) -> datetime:
        return ids.created_at(self.id)
