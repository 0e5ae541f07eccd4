from enum import StrEnum
from uuid import UUID

from pydantic import Field

from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.shared.domain.dto import ChangeDto, CommandDto, FilterDto, OrderDto
from fleet_api.shared.domain.fields import Code, CountryCode, CurrencyCode, Name, SearchText, TimezoneName
from fleet_api.shared.domain.page import Direction


class RegisterFleetProviderDto(CommandDto):
    legal_name: Name = Field(description="Name in the commercial register, 1 to 200 characters.")
    tax_id: Code = Field(description="Tax number in its country, 1 to 32 characters; unique in the country.")
    country_code: CountryCode = Field(description="ISO 3166-1 alpha-2 code of its seat, such as `NO`.")
    currency: CurrencyCode = Field(description="ISO 4217 code of the money that it keeps its books in.")
    timezone: TimezoneName = Field(description="IANA zone of its working day, such as `Europe/Oslo`.")
    parent_id: UUID | None = Field(None, description="Global id of the FleetProvider that it belongs to, if any.")


class FleetProviderChangeDto(ChangeDto):
    fleet_provider_id: UUID = Field(description="Global id of the FleetProvider.")

    @property
    def target(self) -> UUID:
        return self.fleet_provider_id


class UpdateFleetProviderDto(FleetProviderChangeDto):
    legal_name: Name | None = Field(None, description="New name in the register; left out or null, it stays.")
    tax_id: Code | None = Field(None, description="New tax number; left out or null, it stays.")
    timezone: TimezoneName | None = Field(None, description="New IANA zone; left out or null, it stays.")


class FleetProviderFilter(FilterDto):
    statuses: tuple[FleetProviderStatus, ...] | None = Field(
        None, description="Only providers in one of these states.", max_length=10
    )
    search: SearchText | None = Field(None, description="Only providers whose legal name contains this, in any case.")


class FleetProviderOrderField(StrEnum):
    """What providers can be ordered by."""

    CREATED_AT = "CREATED_AT"
    LEGAL_NAME = "LEGAL_NAME"


class FleetProviderOrder(OrderDto):
    field: FleetProviderOrderField = Field(FleetProviderOrderField.CREATED_AT, description="What to order by.")
    direction: Direction = Field(Direction.ASC, description="Which way.")
