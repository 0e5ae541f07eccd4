from typing import Annotated

import strawberry

from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import (
    reactivate_fleet_provider_depends,
    register_fleet_provider_depends,
    suspend_fleet_provider_depends,
    update_fleet_provider_depends,
)
from fleet_api.graphql.fleet_provider.closing import close_fleet_provider_with_obligations_depends
from fleet_api.graphql.fleet_provider.inputs import (
    CloseFleetProviderInput,
    ReactivateFleetProviderInput,
    RegisterFleetProviderInput,
    SuspendFleetProviderInput,
    UpdateFleetProviderInput,
)
from fleet_api.graphql.fleet_provider.types import FleetProviderType
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.mutation import mutation
from fleet_api.graphql.shared.refusals import Refusal, present

FleetProviderResult = Annotated[
    FleetProviderType | Refusal,
    strawberry.union("FleetProviderResult", description="The provider as it is now, or why not."),
]


@strawberry.type
class FleetProviderMutations:
    @mutation("Put a provider on the platform. It is PENDING until you reactivate it.")
    async def register_fleet_provider(self, info: Info, input: RegisterFleetProviderInput) -> FleetProviderResult:
        output = await info.context.submit(register_fleet_provider_depends, input)
        return present(output, info)

    @mutation("Correct a provider's record.")
    async def update_fleet_provider(self, info: Info, input: UpdateFleetProviderInput) -> FleetProviderResult:
        output = await info.context.submit(update_fleet_provider_depends, input)
        return present(output, info)

    @mutation("Stop an ACTIVE provider: nothing new starts until you reactivate it.")
    async def suspend_fleet_provider(self, info: Info, input: SuspendFleetProviderInput) -> FleetProviderResult:
        output = await info.context.submit(suspend_fleet_provider_depends, input)
        return present(output, info)

    @mutation("Let a SUSPENDED provider operate again, or a PENDING one for the first time.")
    async def reactivate_fleet_provider(self, info: Info, input: ReactivateFleetProviderInput) -> FleetProviderResult:
        output = await info.context.submit(reactivate_fleet_provider_depends, input)
        return present(output, info)

    @mutation("Close a SUSPENDED provider for good. Refused while anything of it is still open.")
    async def close_fleet_provider(self, info: Info, input: CloseFleetProviderInput) -> FleetProviderResult:
        output = await info.context.submit(close_fleet_provider_with_obligations_depends, input)
        return present(output, info)
