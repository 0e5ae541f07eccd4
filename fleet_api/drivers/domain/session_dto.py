from typing import Annotated
from uuid import UUID

from pydantic import Field

from fleet_api.shared.domain.dto import CommandDto
from fleet_api.shared.domain.fields import Phone, Printable


class LoginDto(CommandDto):
    phone: Phone = Field(description="The driver's phone in E.164.")
    password: Annotated[Printable, Field(max_length=128)] = Field(repr=False, description="The driver's password.")
    fleet_provider_id: UUID | None = Field(
        None, description="Global id of the FleetProvider, for a driver who works for several with one phone."
    )


class SessionDto(CommandDto):
    refresh_token: Annotated[Printable, Field(max_length=200)] = Field(
        repr=False, description="The newest refresh token of the session."
    )
