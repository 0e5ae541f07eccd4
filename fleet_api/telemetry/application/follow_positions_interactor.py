from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.telemetry.domain.telemetry_dto import PositionWatch


class FollowPositionsInteractor(BaseInteractor[PositionWatch, PositionWatch]):
    """What a follower of positions may follow. Vehicles that are not there, or somebody else's, tell nothing."""

    requires = Permission.TELEMETRY_READ

    async def process(self, dto: PositionWatch) -> OutputContext[PositionWatch]:
        return OutputSuccessContext(dto)
