from typing import Annotated
from uuid import UUID

import strawberry

from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.fleet_providers.domain.fleet_provider_dto import (
    FleetProviderChangeDto,
    FleetProviderFilter,
    FleetProviderOrder,
    FleetProviderOrderField,
    RegisterFleetProviderDto,
    UpdateFleetProviderDto,
)
from fleet_api.graphql.shared.enums import described
from fleet_api.graphql.shared.node import decoded, id_field

FleetProviderId = Annotated[UUID, decoded("FleetProvider"), id_field("Global id of the FleetProvider.")]
ParentId = Annotated[
    UUID | None,
    decoded("FleetProvider"),
    id_field("Global id of the FleetProvider that it belongs to, if any.", optional=True),
]
OwnFleetProviderId = Annotated[
    UUID | None,
    decoded("FleetProvider"),
    id_field(
        "Global id of the FleetProvider; your own by default. The platform's operator must name one.", optional=True
    ),
]
"""Whose new things are: for the inputs of the contexts above."""

described(
    FleetProviderStatus,
    PENDING="Registered; it does not operate yet.",
    ACTIVE="It operates.",
    SUSPENDED="Stopped: nothing new starts.",
    CLOSED="Gone for good; its records stay.",
)
described(
    FleetProviderOrderField,
    CREATED_AT="When it was registered.",
    LEGAL_NAME="Its name in the register, by code point.",
)


@strawberry.pydantic.input(description="Which providers to list.")
class FleetProviderFilterInput(FleetProviderFilter):
    pass


@strawberry.pydantic.input(description="In which order to list providers.")
class FleetProviderOrderInput(FleetProviderOrder):
    pass


@strawberry.pydantic.input(description="A provider to put on the platform.")
class RegisterFleetProviderInput(RegisterFleetProviderDto):
    parent_id: ParentId = None


@strawberry.pydantic.input(description="What to correct in a provider's record.")
class UpdateFleetProviderInput(UpdateFleetProviderDto):
    fleet_provider_id: FleetProviderId


@strawberry.pydantic.input(description="Which provider to stop.")
class SuspendFleetProviderInput(FleetProviderChangeDto):
    fleet_provider_id: FleetProviderId


@strawberry.pydantic.input(description="Which provider may operate.")
class ReactivateFleetProviderInput(FleetProviderChangeDto):
    fleet_provider_id: FleetProviderId


@strawberry.pydantic.input(description="Which provider to close for good.")
class CloseFleetProviderInput(FleetProviderChangeDto):
    fleet_provider_id: FleetProviderId
