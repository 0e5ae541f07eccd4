from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.shared.domain.dto import ChangeDto, CommandDto, FilterDto, OrderDto
from fleet_api.shared.domain.fields import Code, CountryCode, Email, LocaleTag, Name, Password, Phone, SearchText
from fleet_api.shared.domain.page import Direction

LicenceClass = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,2}$")]
LicenceClasses = Annotated[tuple[LicenceClass, ...], Field(min_length=1, max_length=20)]


class InviteDriverDto(CommandDto):
    fleet_provider_id: UUID | None = Field(
        None, description="Global id of the FleetProvider; your own by default. The platform's operator must name one."
    )
    full_name: Name = Field(description="Name as on the licence, 1 to 200 characters.")
    phone: Phone = Field(
        description="E.164, such as `+4790000000`; unique within the provider. The driver signs in with it."
    )
    email: Email = Field(description="E-mail address; unique within the provider.")
    locale: LocaleTag = Field("en", description="Language to write to the driver in, BCP 47, such as `nb-NO`.")
    licence_number: Code = Field(description="Number of the driving licence.")
    licence_country: CountryCode = Field(description="Country that issued the licence, ISO 3166-1 alpha-2.")
    licence_classes: LicenceClasses = Field(description="Classes of the licence, such as `B`.")
    licence_expires_on: date = Field(description="Last day on which the licence is valid.")
    password: Password | None = Field(
        None, repr=False, description="First password, 12 to 128 characters. Without one the driver cannot sign in yet."
    )


class DriverChangeDto(ChangeDto):
    driver_id: UUID = Field(description="Global id of the Driver.")

    @property
    def target(self) -> UUID:
        return self.driver_id


class UpdateDriverDto(DriverChangeDto):
    full_name: Name | None = Field(None, description="New name; left out or null, it stays.")
    phone: Phone | None = Field(None, description="New phone in E.164; left out or null, it stays.")
    email: Email | None = Field(None, description="New e-mail address; left out or null, it stays.")
    locale: LocaleTag | None = Field(None, description="New language, BCP 47; left out or null, it stays.")
    licence_number: Code | None = Field(None, description="New licence number; left out or null, it stays.")
    licence_country: CountryCode | None = Field(None, description="New country of issue; left out or null, it stays.")
    licence_classes: LicenceClasses | None = Field(
        None, description="New classes, all of them; left out or null, they stay."
    )
    licence_expires_on: date | None = Field(None, description="New last day of validity; left out or null, it stays.")
    password: Password | None = Field(
        None, repr=False, description="New password; it ends every session. Left out or null, it stays."
    )


class DriverFilter(FilterDto):
    statuses: tuple[DriverStatus, ...] | None = Field(
        None, description="Only drivers in one of these states.", max_length=10
    )
    search: SearchText | None = Field(None, description="Only drivers whose name contains this, in any case.")
    licence_expires_before: date | None = Field(
        None, description="Only drivers whose licence ends before this day. Needs the right to see personal fields."
    )


class DriverOrderField(StrEnum):
    """What drivers can be ordered by."""

    CREATED_AT = "CREATED_AT"
    FULL_NAME = "FULL_NAME"


class DriverOrder(OrderDto):
    field: DriverOrderField = Field(DriverOrderField.CREATED_AT, description="What to order by.")
    direction: Direction = Field(Direction.ASC, description="Which way.")
