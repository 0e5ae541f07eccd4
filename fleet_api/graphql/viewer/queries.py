from typing import Any

import strawberry

from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.viewer.types import ViewerType


@strawberry.type
class ViewerQueries:
    @strawberry.field(description="Whoever asks: their role, their provider, and the driver that they are.")
    def viewer(self, info: Info) -> ViewerType:
        viewer: Any = info.context.viewer  # the source is the viewer itself
        return viewer
