from typing import Annotated
from uuid import UUID

import strawberry

from fleet_api.drivers.domain.driver_dto import (
    DriverChangeDto,
    DriverFilter,
    DriverOrder,
    DriverOrderField,
    InviteDriverDto,
    UpdateDriverDto,
)
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.domain.session_dto import LoginDto, SessionDto
from fleet_api.graphql.fleet_provider.inputs import OwnFleetProviderId
from fleet_api.graphql.shared.enums import described
from fleet_api.graphql.shared.node import decoded, id_field

DriverId = Annotated[UUID, decoded("Driver"), id_field("Global id of the Driver.")]
LoginFleetProviderId = Annotated[
    UUID | None,
    decoded("FleetProvider"),
    id_field("Global id of the FleetProvider, for a driver who works for several with one phone.", optional=True),
]

described(
    DriverStatus,
    INVITED="On the books; has not signed in yet.",
    PENDING_VERIFICATION="Has signed in; the papers wait to be verified.",
    ACTIVE="May drive.",
    SUSPENDED="May neither drive nor sign in.",
    OFFBOARDED="Works here no more; the record stays.",
)
described(
    DriverOrderField,
    CREATED_AT="When the driver was invited.",
    FULL_NAME="The driver's name, by code point.",
)


@strawberry.pydantic.input(description="Which drivers to list.")
class DriverFilterInput(DriverFilter):
    pass


@strawberry.pydantic.input(description="In which order to list drivers.")
class DriverOrderInput(DriverOrder):
    pass


@strawberry.pydantic.input(description="A driver to put on the books.")
class InviteDriverInput(InviteDriverDto):
    fleet_provider_id: OwnFleetProviderId = None


@strawberry.pydantic.input(description="What to correct in a driver's record.")
class UpdateDriverInput(UpdateDriverDto):
    driver_id: DriverId


@strawberry.pydantic.input(description="Which driver may drive.")
class ActivateDriverInput(DriverChangeDto):
    driver_id: DriverId


@strawberry.pydantic.input(description="Which driver to stop.")
class SuspendDriverInput(DriverChangeDto):
    driver_id: DriverId


@strawberry.pydantic.input(description="Whose work for the provider ends.")
class OffboardDriverInput(DriverChangeDto):
    driver_id: DriverId


@strawberry.pydantic.input(description="A driver's proof of who they are.")
class LoginInput(LoginDto):
    fleet_provider_id: LoginFleetProviderId = None


@strawberry.pydantic.input(description="Which session to go on with.")
class RefreshTokenInput(SessionDto):
    pass


@strawberry.pydantic.input(description="Which session to end.")
class LogoutInput(SessionDto):
    pass
