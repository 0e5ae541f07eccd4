from typing import Annotated

import strawberry

from fleet_api.drivers.infrastructure.drivers_depends import (
    activate_driver_depends,
    invite_driver_depends,
    login_depends,
    logout_depends,
    offboard_driver_depends,
    refresh_token_depends,
    suspend_driver_depends,
    update_driver_depends,
)
from fleet_api.graphql.driver.inputs import (
    ActivateDriverInput,
    InviteDriverInput,
    LoginInput,
    LogoutInput,
    OffboardDriverInput,
    RefreshTokenInput,
    SuspendDriverInput,
    UpdateDriverInput,
)
from fleet_api.graphql.driver.types import DriverSessionType, DriverType, EndedSessionType
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.mutation import mutation
from fleet_api.graphql.shared.refusals import Refusal, present

DriverResult = Annotated[
    DriverType | Refusal, strawberry.union("DriverResult", description="The driver as they are now, or why not.")
]
LoginResult = Annotated[
    DriverSessionType | Refusal, strawberry.union("LoginResult", description="The session, or why not.")
]
LogoutResult = Annotated[
    EndedSessionType | Refusal, strawberry.union("LogoutResult", description="The session that ended, or why not.")
]


@strawberry.type
class DriverMutations:
    @mutation("Put a driver on a provider's books.")
    async def invite_driver(self, info: Info, input: InviteDriverInput) -> DriverResult:
        output = await info.context.submit(invite_driver_depends, input)
        return present(output, info)

    @mutation("Let a driver drive whose papers were verified, or a SUSPENDED one again.")
    async def activate_driver(self, info: Info, input: ActivateDriverInput) -> DriverResult:
        output = await info.context.submit(activate_driver_depends, input)
        return present(output, info)

    @mutation("Correct a driver's record.")
    async def update_driver(self, info: Info, input: UpdateDriverInput) -> DriverResult:
        output = await info.context.submit(update_driver_depends, input)
        return present(output, info)

    @mutation("Stop an ACTIVE driver: every session of theirs ends within a second.")
    async def suspend_driver(self, info: Info, input: SuspendDriverInput) -> DriverResult:
        output = await info.context.submit(suspend_driver_depends, input)
        return present(output, info)

    @mutation("End a SUSPENDED driver's work for the provider, for good.")
    async def offboard_driver(self, info: Info, input: OffboardDriverInput) -> DriverResult:
        output = await info.context.submit(offboard_driver_depends, input)
        return present(output, info)

    @mutation("Sign in as a driver. Needs no token. Five failures in 15 minutes close the phone.")
    async def login(self, info: Info, input: LoginInput) -> LoginResult:
        output = await info.context.sign_in(login_depends, input)
        return present(output, info)

    @mutation(
        "Exchange a session's newest refresh token for the next. A used one ends the session. Send an "
        "`idempotencyKey`, so that an answer lost on a bad network can be asked for again."
    )
    async def refresh_token(self, info: Info, input: RefreshTokenInput) -> LoginResult:
        output = await info.context.sign_in(refresh_token_depends, input)
        return present(output, info)

    @mutation("End a session.")
    async def logout(self, info: Info, input: LogoutInput) -> LogoutResult:
        output = await info.context.sign_in(logout_depends, input)
        return present(output, info)
