from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from fleet_api.shared.domain.dto import CommandDto, FilterDto, OrderDto
from fleet_api.shared.domain.fields import Name, SearchText
from fleet_api.shared.domain.page import Direction
from fleet_api.vehicles.domain.connector_standard import ConnectorStandard
from fleet_api.vehicles.domain.open_ev_data import ModelDraft


class ImportVehicleModelsDto(CommandDto):
    drafts: tuple[ModelDraft, ...] = Field(min_length=1, max_length=1_000)


@dataclass(frozen=True, slots=True)
class ImportedModels:
    """How many drafts were new, changed what was known, or said nothing new."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0


class VehicleModelFilter(FilterDto):
    make: Name | None = Field(None, description="Only models of this make, spelt as in the catalogue.")
    search: SearchText | None = Field(
        None, description="Only models whose make, name or variant contains each of these words, in any case."
    )
    connector_type: ConnectorStandard | None = Field(None, description="Only models that take this plug.")


class VehicleModelOrderField(StrEnum):
    """What models can be ordered by."""

    CREATED_AT = "CREATED_AT"
    MAKE = "MAKE"
    YEAR = "YEAR"


class VehicleModelOrder(OrderDto):
    field: VehicleModelOrderField = Field(VehicleModelOrderField.CREATED_AT, description="What to order by.")
    direction: Direction = Field(Direction.ASC, description="Which way.")
